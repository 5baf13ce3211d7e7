#include "out.h"

#include "file.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct out {
    int fd;
    int error;       /* errno of the first failure, 0 if none */
    char *path;      /* NULL: standard output */
    char *temporary; /* the name to rename from, NULL when the file has no name yet or is direct */
    bool unnamed;    /* opened with O_TMPFILE */
    uint64_t flushed;
    char *pos;
    char buf[4 * OUT_ROOM];
};

static char *directory_of(const char *path)
{
    const char *const slash = strrchr(path, '/');

    if (!slash)
        return mem_string(".", 1);
    return mem_string(path, slash == path ? 1 : (size_t)(slash - path));
}

static char *temporary_name(const char *path)
{
    char *name;

    if (asprintf(&name, "%s.%ld.tmp", path, (long)getpid()) < 0)
        die("out of memory");
    return name;
}

static bool open_new(struct out *o, struct err *e)
{
    char *const dir = directory_of(o->path);

    o->fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    o->unnamed = o->fd >= 0;
    free(dir);
    if (o->fd >= 0)
        return true;
    /* Some file systems have no unnamed files. */
    o->temporary = temporary_name(o->path);
    o->fd = open(o->temporary, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
    return o->fd >= 0 || err_sys(e, "%s", o->path);
}

/* A link stays and what it names is replaced: /dev/stdout is one. */
static void follow_links(struct out *o)
{
    char *const target = realpath(o->path, NULL);

    if (!target)
        return;
    free(o->path);
    o->path = target;
}

static bool is_standard_output(const struct stat *st)
{
    struct stat output;

    return fstat(STDOUT_FILENO, &output) == 0 && st->st_dev == output.st_dev &&
           st->st_ino == output.st_ino;
}

/* The new file may be read by whom the old one could be. */
static bool open_in_place_of(struct out *o, const struct stat *old, struct err *e)
{
    if (!open_new(o, e))
        return false;
    (void)fchmod(o->fd, old->st_mode & 0777);
    return true;
}

static bool open_path(struct out *o, struct err *e)
{
    struct stat st, link;

    if (stat(o->path, &st) == 0) {
        if (S_ISREG(st.st_mode) && is_standard_output(&st))
            return true;
        if (S_ISDIR(st.st_mode))
            return err_set(e, "%s: is a directory", o->path);
        if (!S_ISREG(st.st_mode)) {
            o->fd = open(o->path, O_WRONLY | O_CLOEXEC);
            return o->fd >= 0 || err_sys(e, "%s", o->path);
        }
        if (access(o->path, W_OK) != 0)
            return err_sys(e, "%s", o->path);
        if (lstat(o->path, &link) == 0 && S_ISLNK(link.st_mode))
            follow_links(o);
        return open_in_place_of(o, &st, e);
    }
    return open_new(o, e);
}

struct out *out_open(const char *path, struct err *e)
{
    struct out *const o = mem_alloc(1, sizeof *o);

    *o = (struct out){.fd = STDOUT_FILENO};
    o->pos = o->buf;
    if (file_is_standard(path))
        return o;
    o->path = mem_string(path, strlen(path));
    if (open_path(o, e))
        return o;
    o->error = errno;
    out_abandon(o);
    return NULL;
}

bool out_flush(struct out *o)
{
    const char *p = o->buf;

    while (p < o->pos && !o->error) {
        const ssize_t n = write(o->fd, p, (size_t)(o->pos - p));
        if (n >= 0)
            p += n;
        else if (errno != EINTR)
            o->error = errno;
    }
    o->flushed += (uint64_t)(o->pos - o->buf);
    o->pos = o->buf;
    return !o->error;
}

char *out_reserve(struct out *o, size_t n)
{
    if (n > (size_t)(o->buf + sizeof o->buf - o->pos))
        out_flush(o);
    return o->pos;
}

void out_advance(struct out *o, const char *end)
{
    o->pos = o->buf + (end - o->buf);
}

void out_bytes(struct out *o, const void *p, size_t n)
{
    const char *from = p;

    while (n > 0) {
        const size_t part = n < OUT_ROOM ? n : OUT_ROOM;
        char *const to = out_reserve(o, part);
        memcpy(to, from, part);
        out_advance(o, to + part);
        from += part;
        n -= part;
    }
}

void out_text(struct out *o, const char *s)
{
    out_bytes(o, s, strlen(s));
}

void out_printf(struct out *o, const char *fmt, ...)
{
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    char *const to = out_reserve(o, OUT_ROOM);
    const int n = vsnprintf(to, OUT_ROOM, fmt, ap);
    if (n >= 0 && n < OUT_ROOM) {
        out_advance(o, to + n);
    } else if (n >= OUT_ROOM) {
        char *const text = mem_alloc((size_t)n + 1, 1);
        (void)vsnprintf(text, (size_t)n + 1, fmt, again);
        out_bytes(o, text, (size_t)n);
        free(text);
    }
    va_end(again);
    va_end(ap);
}

bool out_failed(const struct out *o)
{
    return o->error != 0;
}

uint64_t out_size(const struct out *o)
{
    return o->flushed + (uint64_t)(o->pos - o->buf);
}

/* Gives the unnamed file a temporary name next to its final one; linkat can't replace a file, so
 * rename has to follow. */
static bool name_file(struct out *o)
{
    char self[64];

    if (o->unnamed) {
        o->temporary = temporary_name(o->path);
        (void)snprintf(self, sizeof self, "/proc/self/fd/%d", o->fd);
        (void)unlink(o->temporary);
        if (linkat(AT_FDCWD, self, AT_FDCWD, o->temporary, AT_SYMLINK_FOLLOW) != 0) {
            free(o->temporary);
            o->temporary = NULL;
            return false;
        }
        o->unnamed = false;
    }
    if (!o->temporary)
        return true;
    if (rename(o->temporary, o->path) != 0)
        return false;
    free(o->temporary);
    o->temporary = NULL;
    return true;
}

bool out_close(struct out *o, struct err *e)
{
    bool ok = out_flush(o);

    if (ok && !name_file(o)) {
        o->error = errno;
        ok = false;
    }
    if (close(o->fd) != 0 && ok) {
        o->error = errno;
        ok = false;
    }
    o->fd = -1;
    if (!ok) {
        errno = o->error;
        err_sys(e, "writing %s", o->path ? o->path : "standard output");
    }
    out_abandon(o);
    return ok;
}

void out_abandon(struct out *o)
{
    if (!o)
        return;
    if (o->temporary)
        (void)unlink(o->temporary);
    if (o->fd > STDERR_FILENO)
        (void)close(o->fd);
    free(o->temporary);
    free(o->path);
    free(o);
}
