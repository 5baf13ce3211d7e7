#include "spool.h"

#include "file.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *temporary_directory(void)
{
    const char *const dir = getenv("TMPDIR");

    return dir && *dir ? dir : "/tmp";
}

/* Where the file system has no unnamed files. */
static int named_and_removed(const char *dir)
{
    char *name;

    if (asprintf(&name, "%s/weir.XXXXXX", dir) < 0)
        die("out of memory");
    const int fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(name);
    free(name);
    return fd;
}

int temporary_file(struct err *e)
{
    const char *const dir = temporary_directory();
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0)
        fd = named_and_removed(dir);
    if (fd < 0)
        err_sys(e, "a temporary file in %s", dir);
    return fd;
}

bool write_all(int fd, const void *p, size_t n, struct err *e)
{
    const char *from = p;

    while (n > 0) {
        const ssize_t done = write(fd, from, n);
        if (done < 0 && errno != EINTR)
            return err_sys(e, "writing a temporary file in %s", temporary_directory());
        if (done > 0) {
            from += done;
            n -= (size_t)done;
        }
    }
    return true;
}

/* Copies what is left of `from`; the copy stands at its beginning. -1 with *e. */
static int spool(int from, const char *name, struct err *e)
{
    enum { PIECE = 1 << 18 };
    const int to = temporary_file(e);
    char *const piece = mem_alloc(PIECE, 1);
    bool ok = to >= 0;
    ssize_t n = 0;

    while (ok && (n = read(from, piece, PIECE)) != 0) {
        if (n > 0)
            ok = write_all(to, piece, (size_t)n, e);
        else if (errno != EINTR)
            ok = err_sys(e, "reading %s", name);
    }
    free(piece);
    if (ok && lseek(to, 0, SEEK_SET) != 0)
        ok = err_sys(e, "reading a temporary file");
    if (!ok && to >= 0)
        (void)close(to);
    return ok ? to : -1;
}

struct table *spool_table(const char *path, struct err *e)
{
    const bool standard = file_is_standard(path);
    const char *const name = standard ? "standard input" : path;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0) {
        err_sys(e, "%s", name);
        return NULL;
    }
    if (!S_ISREG(st.st_mode)) {
        const int copy = spool(fd, name, e);
        if (!standard)
            (void)close(fd);
        if (copy < 0)
            return NULL;
        fd = copy;
    }
    return table_open_fd(fd, name, e);
}
