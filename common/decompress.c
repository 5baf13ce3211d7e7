#include "decompress.h"

#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

enum { INPUT_BYTES = 128 * 1024 };

struct decompress {
    /* Decompresses on: up to n bytes at buf, *got of them; false with *e. */
    bool (*step)(struct decompress *d, void *buf, size_t n, size_t *got, struct err *e);
    enum compression kind;
    decompress_input *input;
    void *from;
    uint8_t *in; /* the unread part is in[pos..end) */
    size_t pos, end;
    bool at_eof;
    bool between; /* at the end of a gzip member or a zstd frame: the data may end here */
    bool done;    /* what follows is no longer compressed data */
    bool failed;  /* and why: told once the bytes before it are handed out */
    struct err problem;
#ifdef HAVE_ZLIB
    z_stream z;
#endif
#ifdef HAVE_ZSTD
    ZSTD_DStream *zstd;
#endif
};

enum compression compression_of(const uint8_t *head, size_t n)
{
    if (n >= 3 && memcmp(head, "\x1f\x8b\x08", 3) == 0)
        return COMPRESSION_GZIP;
    if (n >= 4 && memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0)
        return COMPRESSION_ZSTD;
    /* A frame to be skipped, which some writers put in front. */
    if (n >= 4 && (head[0] & 0xf0) == 0x50 && memcmp(head + 1, "\x2a\x4d\x18", 3) == 0)
        return COMPRESSION_ZSTD;
    return COMPRESSION_NONE;
}

void decompress_free(struct decompress *d)
{
    if (!d)
        return;
#ifdef HAVE_ZLIB
    if (d->kind == COMPRESSION_GZIP)
        (void)inflateEnd(&d->z);
#endif
#ifdef HAVE_ZSTD
    (void)ZSTD_freeDStream(d->zstd);
#endif
    free(d->in);
    free(d);
}

/* Reads on until at least `want` bytes are unread or the input ends. */
static bool need_input(struct decompress *d, size_t want, struct err *e)
{
    while (d->end - d->pos < want && !d->at_eof) {
        memmove(d->in, d->in + d->pos, d->end - d->pos);
        d->end -= d->pos;
        d->pos = 0;
        const ssize_t n = d->input(d->from, d->in + d->end, INPUT_BYTES - d->end, e);
        if (n < 0)
            return false;
        d->end += (size_t)n;
        d->at_eof = n == 0;
    }
    return true;
}

#ifdef HAVE_ZLIB
/* A gzip file may be several members one after the other, then zeros that fill up a tape block. */
static bool next_member(struct decompress *d, struct err *e)
{
    if (!need_input(d, 3, e))
        return false;
    if (compression_of(d->in + d->pos, d->end - d->pos) == COMPRESSION_GZIP) {
        d->between = false;
        return inflateReset(&d->z) == Z_OK || err_set(e, "zlib does not start again");
    }
    while (d->pos < d->end || !d->at_eof) {
        for (; d->pos < d->end; d->pos++)
            if (d->in[d->pos] != 0)
                return err_set(e, "after the gzip data comes something else");
        if (!need_input(d, 1, e))
            return false;
    }
    d->done = true;
    return true;
}

static bool step_gzip(struct decompress *d, void *buf, size_t n, size_t *got, struct err *e)
{
    if (d->between && !next_member(d, e))
        return false;
    if (d->done)
        return true;
    d->z.next_in = d->in + d->pos;
    d->z.avail_in = (uInt)(d->end - d->pos);
    d->z.next_out = buf;
    d->z.avail_out = (uInt)n;
    const int status = inflate(&d->z, Z_NO_FLUSH);
    d->pos = d->end - d->z.avail_in;
    *got = n - d->z.avail_out;
    d->between = status == Z_STREAM_END;
    if (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR)
        return true;
    return err_set(e, "the gzip data is damaged (%s)", d->z.msg ? d->z.msg : "no details");
}
#endif

#ifdef HAVE_ZSTD
static bool step_zstd(struct decompress *d, void *buf, size_t n, size_t *got, struct err *e)
{
    if (d->between && d->pos == d->end && d->at_eof) {
        d->done = true;
        return true;
    }
    ZSTD_inBuffer in = {d->in, d->end, d->pos};
    ZSTD_outBuffer out = {buf, n, 0};
    const size_t status = ZSTD_decompressStream(d->zstd, &out, &in);
    d->pos = in.pos;
    *got = out.pos;
    if (ZSTD_isError(status))
        return err_set(e, "the zstd data is damaged (%s)", ZSTD_getErrorName(status));
    d->between = status == 0;
    return true;
}
#endif

static bool start(struct decompress *d, struct err *e)
{
    switch (d->kind) {
    case COMPRESSION_GZIP:
#ifdef HAVE_ZLIB
        d->step = step_gzip;
        return inflateInit2(&d->z, MAX_WBITS + 16) == Z_OK || err_set(e, "zlib does not start");
#else
        return err_set(e, "is compressed with gzip, and this program was built without zlib");
#endif
    case COMPRESSION_ZSTD:
#ifdef HAVE_ZSTD
        d->step = step_zstd;
        d->zstd = ZSTD_createDStream();
        return d->zstd || err_set(e, "libzstd does not start");
#else
        return err_set(e, "is compressed with zstd, and this program was built without libzstd");
#endif
    case COMPRESSION_NONE:
        break;
    }
    return err_set(e, "is not compressed");
}

struct decompress *decompress_new(enum compression kind, decompress_input *input, void *from,
                                  struct err *e)
{
    struct decompress *const d = mem_zero(1, sizeof *d);

    d->kind = kind;
    d->input = input;
    d->from = from;
    if (!start(d, e)) {
        free(d);
        return NULL;
    }
    d->in = mem_alloc(INPUT_BYTES, 1);
    return d;
}

/* A step, or the end of the input in the middle of the data. */
static bool go_on(struct decompress *d, void *buf, size_t n, size_t *got, struct err *e)
{
    if (!need_input(d, 1, e) || !d->step(d, buf, n, got, e))
        return false;
    if (*got > 0 || d->done || d->between || d->pos < d->end || !d->at_eof)
        return true;
    return err_set(e, "the %s data ends early", d->kind == COMPRESSION_GZIP ? "gzip" : "zstd");
}

ssize_t decompress_read(struct decompress *d, void *buf, size_t n, struct err *e)
{
    size_t got = 0;

    if (n > 1 << 30)
        n = 1 << 30;
    while (got == 0 && !d->done && !d->failed)
        d->failed = !go_on(d, buf, n, &got, &d->problem);
    if (got > 0 || !d->failed)
        return (ssize_t)got;
    *e = d->problem;
    return -1;
}
