#include "packets_model.h"

#include "heap.h"
#include "mem.h"
#include "starts.h"

#include <stdlib.h>
#include <string.h>

/* How far one direction may be ahead where the model draws both together, in packets: then the
 * other one is taken to have stopped. */
enum { MOST_AHEAD = 1 << 14 };

/* Random streams of a flow: one a direction or for both, and one for the choice between parts. */
enum { STREAMS = 4, STREAM_CHOICE = 3 };

/* Packets of one direction that were drawn while looking for one of the other. */
struct ahead {
    struct draw *draws;
    size_t first, n, cap;
};

struct part {
    void *walk;
    struct rng rng;
};

struct flow {
    struct part parts[2];
    uint64_t clock[2];   /* ns, where the last packet drawn of a direction (or of all) stands */
    struct draw head[2]; /* the next packet of each direction; with one clock: head[0] */
    bool has[2];
    uint64_t start; /* ns since the epoch */
    uint64_t base;  /* where the first packet stands on its clock */
    uint64_t at;    /* ns since the epoch, of the packet before, or the start */
    struct made_last last;
    struct rng choice;
    struct ahead ahead;
};

struct model {
    struct draws draws;
    uint64_t seed;
    struct flow *flows;
    size_t n_flows;
    uint64_t *starts;
    struct heap next; /* the time of each flow's next packet */
};

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static struct draw draw_part(const struct model *m, struct flow *f, size_t part)
{
    return m->draws.kind->next(f->parts[part].walk, &f->parts[part].rng);
}

static void push_ahead(struct ahead *a, struct draw d)
{
    /* The places in front come free again once they are half of all. */
    if (a->first > 0 && a->first >= a->n - a->first) {
        memmove(a->draws, a->draws + a->first, (a->n - a->first) * sizeof *a->draws);
        a->n -= a->first;
        a->first = 0;
    }
    a->draws = mem_grow(a->draws, &a->cap, a->n + 1, sizeof *a->draws);
    a->draws[a->n++] = d;
}

/* The next packet of a direction out of a part that draws both. */
static bool draw_of(const struct model *m, struct flow *f, uint8_t dir, struct draw *d)
{
    struct ahead *const a = &f->ahead;

    if (a->first < a->n && a->draws[a->first].dir == dir) {
        *d = a->draws[a->first++];
        return true;
    }
    while (a->n - a->first < MOST_AHEAD) {
        *d = draw_part(m, f, 0);
        if (d->dir == dir)
            return true;
        push_ahead(a, *d);
    }
    return false;
}

static bool draw_direction(const struct model *m, struct flow *f, uint8_t dir, struct draw *d)
{
    if (m->draws.dirs[0] == SERIES_BOTH)
        return draw_of(m, f, dir, d);
    for (size_t i = 0; i < m->draws.n_parts; i++)
        if (m->draws.dirs[i] == dir) {
            *d = draw_part(m, f, i);
            return true;
        }
    return false;
}

/* One of the parts, as often as it was learnt from. */
static size_t draw_choice(const struct model *m, struct flow *f)
{
    const double first = (double)m->draws.packets[0], second = (double)m->draws.packets[1];

    return m->draws.n_parts == 2 && rng_unit(&f->choice) * (first + second) >= first;
}

static void draw_any(const struct model *m, struct flow *f)
{
    f->head[0] = draw_part(m, f, draw_choice(m, f));
    f->has[0] = true;
    f->clock[0] = add(f->clock[0], f->head[0].iat);
}

/* Which head is the flow's next packet, drawing those that are missing. */
static size_t choose(const struct model *m, struct flow *f)
{
    if (m->draws.one_clock) {
        if (!f->has[0])
            draw_any(m, f);
        return 0;
    }
    for (uint8_t dir = 0; dir < 2; dir++) {
        if (f->has[dir])
            continue;
        f->has[dir] = draw_direction(m, f, dir, &f->head[dir]);
        if (f->has[dir])
            f->clock[dir] = add(f->clock[dir], f->head[dir].iat);
    }
    if (!f->has[SERIES_FORWARD])
        return SERIES_BACKWARD;
    if (!f->has[SERIES_BACKWARD])
        return SERIES_FORWARD;
    return f->clock[SERIES_FORWARD] <= f->clock[SERIES_BACKWARD] ? SERIES_FORWARD : SERIES_BACKWARD;
}

/* When the packet at this head comes. A direction that the model left far behind goes on from now:
 * time does not turn back. */
static uint64_t time_of(struct flow *f, size_t head)
{
    const uint64_t now = add(f->base, f->at - f->start);

    if (f->clock[head] < now)
        f->clock[head] = now;
    return add(f->start, f->clock[head] - f->base);
}

static void free_walks(const struct model *m, struct flow *f)
{
    for (size_t p = 0; p < m->draws.n_parts; p++)
        if (f->parts[p].walk)
            m->draws.kind->walk_free(f->parts[p].walk);
}

static void start_flow(struct model *m, size_t i)
{
    struct flow *const f = &m->flows[i];
    struct flow fresh = {.ahead = {.draws = f->ahead.draws, .cap = f->ahead.cap}};

    free_walks(m, f);
    for (size_t p = 0; p < m->draws.n_parts; p++) {
        fresh.parts[p].walk = m->draws.kind->walk_new(m->draws.model, p);
        fresh.parts[p].rng = rng_new(m->seed, i * STREAMS + m->draws.dirs[p]);
    }
    if (m->draws.n_parts == 2 && m->draws.kind->couple)
        m->draws.kind->couple(fresh.parts[0].walk, fresh.parts[1].walk);
    fresh.choice = rng_new(m->seed, i * STREAMS + STREAM_CHOICE);
    fresh.start = fresh.at = m->starts[i];
    *f = fresh;
    f->base = f->clock[choose(m, f)];
    heap_push(&m->next, (struct heap_item){m->starts[i], (uint32_t)i});
}

static void restart(void *self)
{
    struct model *const m = self;

    heap_clear(&m->next);
    for (size_t i = 0; i < m->n_flows; i++)
        start_flow(m, i);
}

/* Of many flows the next one is rarely in the cache: it comes while this packet is dealt with. */
static void fetch_flow(const struct flow *f)
{
    __builtin_prefetch(f);
    __builtin_prefetch(&f->parts[1]);
    __builtin_prefetch(&f->head[1]);
    __builtin_prefetch(&f->last);
}

static bool next(void *self, struct made *p)
{
    struct model *const m = self;
    const struct heap_item item = m->next.items[0];
    struct flow *const f = &m->flows[item.who];
    const size_t head = choose(m, f);

    const struct draw *const d = &f->head[head];
    *p = (struct made){
        .ts = item.time, .flow = item.who, .symbol = d->symbol, .len = d->len, .dir = d->dir};
    made_after(p, &f->last);
    f->at = item.time;
    f->has[head] = false;
    heap_replace(&m->next, (struct heap_item){time_of(f, choose(m, f)), item.who});
    fetch_flow(&m->flows[m->next.items[0].who]);
    return true;
}

static uint64_t start(const void *self, size_t flow)
{
    return ((const struct model *)self)->starts[flow];
}

static void free_model(void *self)
{
    struct model *const m = self;

    for (size_t i = 0; i < m->n_flows; i++) {
        free_walks(m, &m->flows[i]);
        free(m->flows[i].ahead.draws);
    }
    draws_free(&m->draws);
    heap_free(&m->next);
    free(m->flows);
    free(m->starts);
    free(m);
}

static const struct packets_kind kind = {next, restart, start, NULL, free_model};

struct packets *packets_model_new(struct draws *d, const struct options *o)
{
    struct model *const m = mem_zero(1, sizeof *m);

    m->draws = *d;
    m->seed = o->shared->seed;
    m->n_flows = o->flows > 0 ? (size_t)o->flows : 1;
    m->flows = mem_zero(m->n_flows, sizeof *m->flows);
    m->starts = starts_new(o, m->n_flows);
    restart(m);
    return packets_new(&kind, m, m->n_flows, d->kind->symbol);
}
