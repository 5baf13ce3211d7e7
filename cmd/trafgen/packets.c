#include "packets.h"

#include "mem.h"

#include <stdlib.h>

/* Packets at one time, beyond one a flow, after which time is taken to stand still. */
enum { STALLED = 1 << 20 };

struct packets {
    const struct packets_kind *kind;
    void *self;
    size_t n_flows;
    enum packets_symbol symbol;
    uint64_t count, duration; /* the limits; 0: none */
    uint64_t done, first;     /* packets so far, and the time of the first */
    uint64_t now, at_now;     /* the time of the last, and packets that had it */
    bool past;                /* the next one would come after the last time there is */
};

void made_after(struct made *m, struct made_last *last)
{
    const uint64_t before = last->ts[m->dir], other = last->ts[!m->dir];

    m->first = !last->seen[0] && !last->seen[1];
    m->dir_first = !last->seen[m->dir];
    m->iat = m->first ? 0 : m->ts - (before > other ? before : other);
    m->dir_iat = m->dir_first ? 0 : m->ts - before;
    last->ts[m->dir] = m->ts;
    last->seen[m->dir] = true;
}

struct packets *packets_new(const struct packets_kind *kind, void *self, size_t n_flows,
                            enum packets_symbol symbol)
{
    struct packets *const p = mem_zero(1, sizeof *p);

    p->kind = kind;
    p->self = self;
    p->n_flows = n_flows;
    p->symbol = symbol;
    return p;
}

void packets_free(struct packets *p)
{
    if (!p)
        return;
    p->kind->free(p->self);
    free(p);
}

void packets_limit(struct packets *p, uint64_t count, uint64_t duration)
{
    p->count = count;
    p->duration = duration;
}

static bool stalled(const struct packets *p)
{
    return p->count == 0 && p->at_now >= STALLED + p->n_flows;
}

bool packets_next(struct packets *p, struct made *m)
{
    if ((p->count > 0 && p->done == p->count) || !p->kind->next(p->self, m))
        return false;
    if (p->done == 0)
        p->first = m->ts;
    p->past = m->ts == PACKETS_PAST && (p->duration == 0 || m->ts - p->first < p->duration);
    if (p->past)
        return false;
    p->done++;
    if (p->duration == 0)
        return true;
    p->at_now = m->ts == p->now ? p->at_now + 1 : 0;
    p->now = m->ts;
    return m->ts - p->first < p->duration && !stalled(p);
}

bool packets_done(const struct packets *p, struct err *e)
{
    if (p->past)
        return err_set(e, "after %llu packets the series reaches past the year 2554",
                       (unsigned long long)p->done);
    return !stalled(p) ||
           err_set(e,
                   "after %llu packets time stands still, and --duration is never over (-n ends "
                   "a series, too)",
                   (unsigned long long)p->done);
}

void packets_rewind(struct packets *p)
{
    p->kind->rewind(p->self);
    p->done = p->now = p->at_now = 0;
    p->past = false;
}

size_t packets_flows(const struct packets *p)
{
    return p->n_flows;
}

enum packets_symbol packets_symbol(const struct packets *p)
{
    return p->symbol;
}

uint64_t packets_start(const struct packets *p, size_t flow)
{
    return p->kind->start(p->self, flow);
}

const char *packets_name(const struct packets *p, size_t flow)
{
    return p->kind->name ? p->kind->name(p->self, flow) : NULL;
}
