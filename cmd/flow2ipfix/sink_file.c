#include "mem.h"
#include "out.h"
#include "sink.h"

#include <stdlib.h>
#include <time.h>

struct file_sink {
    struct sink base;
    const struct sink_options *o;
    struct out *out;
    uint32_t sequence;
};

static bool put(struct sink *s, const struct message *m, struct err *e)
{
    struct file_sink *const f = (struct file_sink *)s;
    const uint32_t when = f->o->has_time ? f->o->time : m->time ? m->time : (uint32_t)time(NULL);

    (void)e; /* out_close() says it */
    message_stamp(m, when, f->sequence);
    f->sequence += m->records;
    out_bytes(f->out, m->p, m->n);
    return !out_failed(f->out) || (out_close(f->out, e), f->out = NULL, false);
}

/* A file is read when it can be: it waits for nobody. */
static void no_wait(struct sink *s, int fd, uint64_t until)
{
    (void)s;
    (void)fd;
    (void)until;
}

static bool finish(struct sink *s, struct sink_counts *c, struct err *e)
{
    struct file_sink *const f = (struct file_sink *)s;
    const bool ok = out_close(f->out, e);

    (void)c;
    free(f);
    return ok;
}

static void abandon(struct sink *s)
{
    struct file_sink *const f = (struct file_sink *)s;

    out_abandon(f->out);
    free(f);
}

struct sink *sink_file(const struct sink_options *o, struct err *e)
{
    static const struct sink_ops ops = {put, put, no_wait, finish, abandon};
    struct out *const out = out_open(o->shared->output, e);

    if (!out)
        return NULL;
    struct file_sink *const f = mem_zero(1, sizeof *f);
    *f = (struct file_sink){.base = {&ops}, .o = o, .out = out};
    return &f->base;
}
