#include "file.h"

#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_is_standard(const char *path)
{
    return !path || strcmp(path, "-") == 0;
}

const char *file_name(const char *path)
{
    return file_is_standard(path) ? "standard input" : path;
}

/* The folder in which a path stands. */
static bool stat_folder(const char *path, struct stat *st)
{
    const char *const slash = strrchr(path, '/');
    char *const folder = slash ? mem_string(path, (size_t)(slash - path) + 1) : mem_string(".", 1);
    const bool ok = stat(folder, st) == 0;

    free(folder);
    return ok;
}

static const char *last_part(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool file_same(const char *a, const char *b)
{
    struct stat x, y;

    if (strcmp(a, b) == 0)
        return true;
    const bool has_a = stat(a, &x) == 0, has_b = stat(b, &y) == 0;
    if (has_a && has_b)
        return S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
    return !has_a && !has_b && strcmp(last_part(a), last_part(b)) == 0 && stat_folder(a, &x) &&
           stat_folder(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static char *read_all(int fd, const char *name, size_t *n, struct err *e)
{
    char *buf = NULL;
    size_t cap = 0;

    *n = 0;
    for (;;) {
        buf = mem_grow(buf, &cap, *n + 65536, 1);
        const ssize_t got = read(fd, buf + *n, cap - *n);
        if (got == 0)
            return buf;
        if (got > 0) {
            *n += (size_t)got;
        } else if (errno != EINTR) {
            err_sys(e, "reading %s", name);
            free(buf);
            return NULL;
        }
    }
}

char *file_read(const char *path, size_t *n, struct err *e)
{
    const int fd = file_is_standard(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        err_sys(e, "%s", path);
        return NULL;
    }
    char *const text = read_all(fd, file_name(path), n, e);
    if (fd != STDIN_FILENO)
        (void)close(fd);
    return text;
}
