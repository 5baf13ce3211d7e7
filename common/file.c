#include "file.h"

#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_standard(const char *path)
{
    return !path || strcmp(path, "-") == 0;
}

const char *file_name(const char *path)
{
    return is_standard(path) ? "standard input" : path;
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
    const int fd = is_standard(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        err_sys(e, "%s", path);
        return NULL;
    }
    char *const text = read_all(fd, file_name(path), n, e);
    if (fd != STDIN_FILENO)
        (void)close(fd);
    return text;
}
