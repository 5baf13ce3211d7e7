#include "source.h"

#include "decompress.h"
#include "file.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { FILE_BUFFER = 512 * 1024, MEMORY_BUFFER = 4096 };

/* Bytes that were read ahead to look at. */
struct ahead {
    uint8_t bytes[SOURCE_HEAD];
    size_t pos, end;
};

struct source {
    char *name;
    int fd; /* -1: the bytes are in memory */
    const uint8_t *memory;
    size_t memory_left;
    struct ahead raw, head;        /* compressed, uncompressed */
    struct decompress *decompress; /* NULL: not compressed */
    const uint8_t *unread;         /* bytes that come before all others */
    size_t unread_left;
    char *buffer; /* of the stream */
    struct err problem;
    bool has_problem;
};

static size_t take_ahead(struct ahead *a, void *buf, size_t n)
{
    const size_t left = a->end - a->pos;
    const size_t k = n < left ? n : left;

    memcpy(buf, a->bytes + a->pos, k);
    a->pos += k;
    return k;
}

static ssize_t read_memory(struct source *s, void *buf, size_t n)
{
    const size_t k = n < s->memory_left ? n : s->memory_left;

    if (k > 0)
        memcpy(buf, s->memory, k);
    s->memory += k;
    s->memory_left -= k;
    return (ssize_t)k;
}

/* As they are in the file. */
static ssize_t read_raw(void *source, void *buf, size_t n, struct err *e)
{
    struct source *const s = source;
    const size_t taken = take_ahead(&s->raw, buf, n);
    ssize_t got;

    if (taken > 0)
        return (ssize_t)taken;
    if (s->fd < 0)
        return read_memory(s, buf, n);
    do
        got = read(s->fd, buf, n);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        err_sys(e, "reading");
    return got;
}

static ssize_t read_plain(struct source *s, void *buf, size_t n, struct err *e)
{
    return s->decompress ? decompress_read(s->decompress, buf, n, e) : read_raw(s, buf, n, e);
}

static size_t read_unread(struct source *s, void *buf, size_t n)
{
    const size_t k = n < s->unread_left ? n : s->unread_left;

    memcpy(buf, s->unread, k);
    s->unread += k;
    s->unread_left -= k;
    return k;
}

/* A problem ends the stream and is kept, so that the bytes before it are still of use. */
static ssize_t read_stream(void *source, char *buf, size_t n)
{
    struct source *const s = source;
    if (s->unread_left > 0)
        return (ssize_t)read_unread(s, buf, n);
    const size_t taken = take_ahead(&s->head, buf, n);

    if (taken > 0)
        return (ssize_t)taken;
    if (s->has_problem)
        return 0;
    const ssize_t got = read_plain(s, buf, n, &s->problem);
    s->has_problem = got < 0;
    return got < 0 ? 0 : got;
}

static bool look_ahead_raw(struct source *s, struct err *e)
{
    uint8_t bytes[SOURCE_HEAD];
    size_t n = 0;

    while (n < sizeof bytes) {
        const ssize_t got = read_raw(s, bytes + n, sizeof bytes - n, e);
        if (got < 0)
            return false;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    memcpy(s->raw.bytes, bytes, n);
    s->raw.end = n;
    return true;
}

static void look_ahead_plain(struct source *s)
{
    while (!s->has_problem && s->head.end < SOURCE_HEAD) {
        const ssize_t got =
            read_plain(s, s->head.bytes + s->head.end, SOURCE_HEAD - s->head.end, &s->problem);
        if (got == 0)
            break;
        s->has_problem = got < 0;
        if (got > 0)
            s->head.end += (size_t)got;
    }
}

static bool begin(struct source *s, struct err *e)
{
    struct err why;

    if (!look_ahead_raw(s, &why))
        return err_set(e, "%s: %s", s->name, why.text);
    const enum compression kind = compression_of(s->raw.bytes, s->raw.end);
    if (kind != COMPRESSION_NONE) {
        s->decompress = decompress_new(kind, read_raw, s, &why);
        if (!s->decompress)
            return err_set(e, "%s: %s", s->name, why.text);
    }
    look_ahead_plain(s);
    return true;
}

static struct source *source_new(const char *name)
{
    struct source *const s = mem_zero(1, sizeof *s);

    s->name = mem_string(name, strlen(name));
    s->fd = -1;
    return s;
}

struct source *source_open(const char *path, struct err *e)
{
    const bool standard = file_is_standard(path);
    struct source *const s = source_new(standard ? "standard input" : path);

    s->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0)
        err_sys(e, "%s", path);
    else if (begin(s, e))
        return s;
    source_close(s);
    return NULL;
}

struct source *source_open_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct source *const s = source_new(name);

    s->memory = p;
    s->memory_left = n;
    if (begin(s, e))
        return s;
    source_close(s);
    return NULL;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    decompress_free(s->decompress);
    if (s->fd > STDIN_FILENO)
        (void)close(s->fd);
    free(s->buffer);
    free(s->name);
    free(s);
}

const char *source_name(const struct source *s)
{
    return s->name;
}

const uint8_t *source_head(const struct source *s, size_t *n)
{
    *n = s->head.end;
    return s->head.bytes;
}

size_t source_read(struct source *s, void *buf, size_t n)
{
    return (size_t)read_stream(s, buf, n);
}

void source_unread(struct source *s, const void *p, size_t n)
{
    s->unread = p;
    s->unread_left = n;
}

FILE *source_stream(struct source *s, bool buffered)
{
    FILE *const f = fopencookie(s, "r", (cookie_io_functions_t){.read = read_stream});

    if (!f)
        return NULL;
    (void)__fsetlocking(f, FSETLOCKING_BYCALLER);
    if (!buffered) {
        (void)setvbuf(f, NULL, _IONBF, 0);
        return f;
    }
    const size_t n = s->fd < 0 ? MEMORY_BUFFER : FILE_BUFFER;
    s->buffer = mem_alloc(n, 1);
    (void)setvbuf(f, s->buffer, _IOFBF, n);
    return f;
}

const char *source_problem(const struct source *s)
{
    return s->has_problem ? s->problem.text : NULL;
}
