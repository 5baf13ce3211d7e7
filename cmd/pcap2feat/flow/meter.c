#include "meter.h"

#include "context.h"
#include "err.h"
#include "lane.h"
#include "mem.h"
#include "merge.h"

#include <stdlib.h>
#include <sys/random.h>

struct meter {
    struct meter_rules rules;
    struct layout layout;
    struct meter_calls calls;
    struct arena *arena; /* of flows */
    struct lane *lanes[PARTITIONS];
    struct crew *crew;
    struct out *out;
    struct batch *batch;     /* being filled */
    struct context *context; /* NULL: not asked for */
    uint64_t passed, merged; /* batches: those between them are under way */
    uint64_t clock;          /* never less than greatest */
    uint64_t greatest;       /* packet time */
    uint64_t backwards, others, rows;
};

struct meter *meter_new(const struct meter_rules *r, const struct layout *l,
                        const struct meter_calls *calls)
{
    struct meter *const m = mem_zero(1, sizeof *m);
    const size_t share = (r->max_flows + PARTITIONS - 1) / PARTITIONS;
    uint64_t seed;

    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        die_sys("getrandom");
    m->rules = *r;
    m->layout = *l;
    m->calls = *calls;
    m->arena = arena_new();
    if (l->parts & 1U << PART_CONTEXT)
        m->context = context_new(r);
    for (unsigned i = 0; i < PARTITIONS; i++)
        m->lanes[i] = lane_new(
            m->arena, partition_new(&m->rules, &m->layout, &m->calls, share, seed, m->arena), i,
            &m->calls);
    return m;
}

void meter_free(struct meter *m)
{
    if (!m)
        return;
    crew_free(m->crew);
    for (unsigned i = 0; i < PARTITIONS; i++)
        lane_free(m->lanes[i]);
    arena_free(m->arena);
    context_free(m->context);
    free(m);
}

void meter_open(struct meter *m, struct out *out, unsigned threads)
{
    m->out = out;
    m->crew = crew_new(m->arena, m->lanes, threads, m->rules.payload, m->context != NULL);
    m->batch = crew_batch(m->crew);
}

/* The rows of the batches under way, until so many are left. */
static void take_rows(struct meter *m, unsigned left)
{
    for (; m->passed - m->merged > left; m->merged++)
        m->rows += merge_rows(m->crew, m->merged, m->out);
}

static void pass_on(struct meter *m, const struct mark *mark)
{
    if (m->context)
        context_take(m->context, m->batch);
    batch_close(m->batch, mark);
    crew_publish(m->crew);
    m->passed++;
    take_rows(m, crew_depth(m->crew) - 1);
    m->batch = crew_batch(m->crew);
    batch_clear(m->batch);
}

static void pass_full_one(struct meter *m)
{
    const struct mark mark = {.clock = m->clock};

    pass_on(m, &mark);
}

/* Another processor may still have what is written there next. */
struct arrival *meter_room(struct meter *m)
{
    enum { AHEAD = 8 };

    if (!batch_has_room(m->batch, 0))
        pass_full_one(m);
    struct arrival *const a = &m->batch->all[m->batch->n];
    prefetch_bytes(a + AHEAD, sizeof *a);
    return a;
}

static void set_clock(struct meter *m, uint64_t ts)
{
    m->backwards += ts < m->greatest;
    if (ts > m->greatest)
        m->greatest = ts;
    if (ts > m->clock)
        m->clock = ts;
}

/* Shards are ranges of the lower half of the hash, partitions of its upper bits. */
bool meter_wants(struct meter *m, const struct flow_key *k)
{
    struct arrival *const a = &m->batch->all[m->batch->n];
    const uint64_t hash = flow_key_hash(k);

    set_clock(m, a->packet.ts);
    a->clock = m->clock;
    m->batch->partition[m->batch->n] = (uint8_t)(hash >> 58);
    const bool wanted = (hash & UINT32_MAX) * m->rules.shards >> 32 == m->rules.shard;
    m->others += !wanted;
    return wanted;
}

void meter_take(struct meter *m)
{
    const struct arrival *const a = &m->batch->all[m->batch->n];

    if (!batch_has_room(m->batch, a->packet.payload_caplen)) {
        const struct arrival moved = *a;
        const uint8_t partition = m->batch->partition[m->batch->n];
        pass_full_one(m);
        m->batch->all[0] = moved;
        m->batch->partition[0] = partition;
    }
    batch_add(m->batch);
}

void meter_tick(struct meter *m, uint64_t now)
{
    if (now > m->clock)
        m->clock = now;
    pass_full_one(m);
    take_rows(m, 0);
}

void meter_end(struct meter *m, enum flow_end reason)
{
    const struct mark mark = {.clock = m->clock, .ends = true, .reason = reason};

    pass_on(m, &mark);
    take_rows(m, 0);
    if (m->context)
        context_end(m->context);
    m->clock = m->greatest = 0;
}

size_t meter_count(struct meter *m)
{
    size_t n = 0;

    pass_full_one(m);
    take_rows(m, 0);
    for (unsigned i = 0; i < PARTITIONS; i++)
        n += partition_count(lane_partition(m->lanes[i]));
    return n;
}

uint64_t meter_backwards(const struct meter *m)
{
    return m->backwards;
}

uint64_t meter_others(const struct meter *m)
{
    return m->others;
}

uint64_t meter_early(const struct meter *m)
{
    return m->context ? context_early(m->context) : 0;
}

uint64_t meter_rows(const struct meter *m)
{
    return m->rows;
}

uint64_t meter_ended(const struct meter *m, enum flow_end reason)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < PARTITIONS; i++)
        n += partition_ended(lane_partition(m->lanes[i]), reason);
    return n;
}
