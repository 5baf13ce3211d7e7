#include "partition.h"

#include "mem.h"
#include "prefetch.h"
#include "slots.h"

#include <stdlib.h>
#include <string.h>

enum {
    HELD_ROWS = 65536 / PARTITIONS, /* at most so many wait for the clock to move on */
    ROWS_AHEAD = 4,                 /* whose records are prefetched */
};

enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

struct partition {
    const struct meter_rules *rules;
    const struct layout *layout;
    const struct meter_calls *calls;
    struct store *store;
    struct slots *parts; /* of flows that have more than a few packets */
    void *scratch;       /* parts of the flow of the last row, where it had none */
    size_t most;         /* flows */
    struct ended ended;
    uint32_t given; /* the record of the last row, STORE_NOBODY: none */
    uint64_t counts[END_COUNT];
};

struct partition *partition_new(const struct meter_rules *r, const struct layout *l,
                                const struct meter_calls *calls, size_t most, uint64_t seed,
                                struct arena *arena)
{
    struct partition *const p = mem_zero(1, sizeof *p);

    p->rules = r;
    p->layout = l;
    p->calls = calls;
    p->most = most;
    p->store = store_new(l->size, seed, arena);
    p->parts = slots_new(l->aside, arena);
    p->scratch = mem_alloc(l->aside, 1);
    p->ended.arena = arena;
    p->given = STORE_NOBODY;
    return p;
}

void partition_free(struct partition *p)
{
    uint32_t i;

    /* What is left after an error. */
    if (p->given != STORE_NOBODY)
        flow_release(p->layout, store_at(p->store, p->given));
    for (size_t k = 0; k < p->ended.n; k++)
        flow_release(p->layout, store_at(p->store, p->ended.all[k].place));
    while ((i = store_oldest(p->store)) != STORE_NOBODY) {
        flow_release(p->layout, store_at(p->store, i));
        store_end(p->store, i);
    }
    store_free(p->store);
    slots_free(p->parts);
    free(p->scratch);
    free(p);
}

static uint64_t sum_capped(uint64_t a, uint64_t b)
{
    return a < UINT64_MAX - b ? a + b : UINT64_MAX;
}

static void release(struct partition *p, uint32_t i)
{
    struct flow *const f = store_at(p->store, i);

    flow_release(p->layout, f);
    if (p->layout->aside > 0 && f->parts && f->parts != p->scratch)
        slots_give(p->parts, f->parts);
    store_release(p->store, i);
}

static void give_row(struct partition *p, uint32_t i, const struct flow *f, uint64_t found)
{
    p->counts[f->reason]++;
    ended_add(&p->ended,
              &(struct ended_flow){.found = found,
                                   .start = f->start,
                                   .place = i,
                                   .last = f->reason == END_FILE || f->reason == END_INPUT});
}

/* What comes of a flow that ends; the reason is what a closing flow has already. */
static void settle(struct partition *p, uint32_t i, enum flow_end reason, uint64_t found)
{
    struct flow *const f = store_at(p->store, i);

    if (!f->closing)
        f->reason = (uint8_t)reason;
    if (!f->silent) {
        give_row(p, i, f, found);
        return;
    }
    if (p->calls->end)
        p->calls->end(p->calls->context, f);
    release(p, i);
}

static void end_flow(struct partition *p, uint32_t i, enum flow_end reason, uint64_t found)
{
    store_end(p->store, i);
    settle(p, i, reason, found);
}

/* Ends what the clock has passed. Those met the longest ago are not closing then, or their linger
 * would have passed too: it is at most the idle timeout. */
static void sweep(struct partition *p, uint64_t clock)
{
    uint32_t i;

    while ((i = store_closing(p->store)) != STORE_NOBODY) {
        const uint64_t due = sum_capped(store_at(p->store, i)->closed, p->rules->linger);
        if (clock <= due)
            break;
        end_flow(p, i, END_FIN, due);
    }
    while ((i = store_oldest(p->store)) != STORE_NOBODY) {
        const uint64_t due = sum_capped(store_at(p->store, i)->latest, p->rules->idle);
        if (clock <= due)
            break;
        end_flow(p, i, END_IDLE, due);
    }
}

/* As they lie in memory, which is about the order in which they began, and that of their rows. */
static void end_all(struct partition *p, enum flow_end reason)
{
    ended_reserve(&p->ended, store_count(p->store));
    for (uint32_t i = store_from(p->store, 0); i != STORE_NOBODY; i = store_from(p->store, i + 1)) {
        const struct flow *const f = store_at(p->store, i);
        settle(p, i, reason, f->closing ? sum_capped(f->closed, p->rules->linger) : 0);
    }
    store_end_all(p->store);
}

/* Whether a packet that comes now is still of the flow; if not, the flow is ended. */
static bool goes_on(struct partition *p, uint32_t i, const struct arrival *a)
{
    const struct flow *const f = store_at(p->store, i);

    if (f->closing) {
        const uint64_t due = sum_capped(f->closed, p->rules->linger);
        const bool begins = (a->packet.tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
        if (a->clock <= due && !begins)
            return true;
        end_flow(p, i, END_FIN, due < a->clock ? due : a->clock);
        return false;
    }
    if (a->clock - f->latest > p->rules->idle) {
        end_flow(p, i, END_IDLE, f->latest + p->rules->idle);
        return false;
    }
    if (a->packet.ts > f->start && a->packet.ts - f->start > p->rules->active) {
        end_flow(p, i, END_ACTIVE, a->clock);
        return false;
    }
    return true;
}

static uint32_t begin_flow(struct partition *p, uint32_t hash, const struct flow_key *k,
                           const struct arrival *a)
{
    if (store_count(p->store) == p->most)
        sweep(p, a->clock);
    if (store_count(p->store) == p->most)
        end_flow(p, store_oldest(p->store), END_CAP, a->clock);
    const uint32_t i = store_add(p->store, hash, k);
    struct flow *const f = store_at(p->store, i);
    f->begun_high = a->high && !p->rules->key;
    flow_begin(p->layout, f, &a->packet);
    p->calls->begin(p->calls->context, f, a);
    return i;
}

/* What a packet says of its connection's end. */
static void look_for_end(struct partition *p, uint32_t i, struct flow *f, const struct arrival *a,
                         enum way way)
{
    const uint8_t flags = a->packet.tcp_flags;

    if (f->closing || !(flags & (TCP_FIN | TCP_RST)))
        return;
    if (flags & TCP_FIN)
        f->fins |= (uint8_t)(1U << way);
    if (!(flags & TCP_RST) && f->fins != (1U << WAY_FORWARD | 1U << WAY_BACKWARD))
        return;
    f->reason = flags & TCP_RST ? END_RST : END_FIN;
    f->closed = a->clock;
    store_close(p->store, i);
}

/* The row of a flow that has the packets asked for; the flow itself only goes on. */
static void give_first(struct partition *p, uint32_t i, uint64_t clock)
{
    const uint32_t copy = store_copy(p->store, i);
    struct flow *const f = store_at(p->store, i);
    flow_moved(p->layout, f, store_at(p->store, copy));
    f->silent = true;
    store_at(p->store, copy)->reason = END_FIRST;
    give_row(p, copy, store_at(p->store, copy), clock);
}

/* Where context is asked for: finds it, or keeps what was found. */
static void look_around(const struct partition *p, struct flow *f, const struct batch *b,
                        uint16_t place)
{
    if (p->calls->met)
        p->calls->met(p->calls->context, f, place);
    else
        *(struct part_context *)flow_part(p->layout, f, PART_CONTEXT) = b->context[place];
}

static void take(struct partition *p, uint32_t hash, const struct flow_key *k,
                 const struct batch *b, uint16_t place)
{
    const struct arrival *const a = &b->all[place];
    uint32_t i = store_find(p->store, hash, k);

    if (i == STORE_NOBODY || !goes_on(p, i, a))
        i = begin_flow(p, hash, k, a);
    else
        store_touch(p->store, i);
    struct flow *const f = store_at(p->store, i);
    const enum way way = a->high == f->begun_high ? WAY_FORWARD : WAY_BACKWARD;
    f->latest = a->clock;
    if (flow_wants_parts(f))
        flow_grow(p->layout, f, slots_take(p->parts));
    flow_add(p->layout, f, &a->packet, way);
    if (b->context)
        look_around(p, f, b, place);
    if (p->rules->tcp_end)
        look_for_end(p, i, f, a, way);
    if (!f->silent && f->packets == p->rules->first_packets)
        give_first(p, i, a->clock);
}

static struct flow_key key_of(const struct partition *p, const struct arrival *a)
{
    return p->rules->key ? *p->rules->key : flow_key_by(&a->packet, a->high);
}

static void prefetch_parts(const struct partition *p, const struct flow *f)
{
    if (f->parts)
        prefetch_bytes(f->parts, p->layout->aside);
}

/* Where flows are many, each packet waits for memory several times: these waits overlap. */
static void take_some(struct partition *p, const struct batch *b, const uint16_t *order, size_t n)
{
    enum { TOGETHER = 32 };
    uint32_t hash[TOGETHER];
    struct flow_key keys[TOGETHER];
    const struct flow *found[TOGETHER];

    for (size_t at = 0; at < n; at += TOGETHER) {
        const size_t k = n - at < TOGETHER ? n - at : TOGETHER;
        for (size_t i = 0; i < k; i++)
            prefetch_read(&b->all[order[at + i]], sizeof *b->all);
        for (size_t i = 0; i < k; i++) {
            keys[i] = key_of(p, &b->all[order[at + i]]);
            hash[i] = store_hash(p->store, &keys[i]);
            store_prefetch_head(p->store, hash[i]);
        }
        for (size_t i = 0; i < k; i++)
            store_prefetch_node(p->store, hash[i]);
        for (size_t i = 0; i < k; i++)
            found[i] = store_prefetch_record(p->store, hash[i]);
        for (size_t i = 0; i < k; i++)
            if (found[i])
                prefetch_parts(p, found[i]);
        for (size_t i = 0; i < k; i++)
            take(p, hash[i], &keys[i], b, order[at + i]);
    }
}

void partition_take(struct partition *p, const struct batch *b, unsigned number)
{
    const struct mark *const m = &b->mark;

    take_some(p, b, b->order + b->first[number], (size_t)b->first[number + 1] - b->first[number]);
    sweep(p, m->clock);
    if (m->ends)
        end_all(p, m->reason);
    ended_sort(&p->ended, p->store, m->clock, m->ends ? 0 : HELD_ROWS);
}

void partition_watch(struct partition *p, const struct batch *b, const uint16_t *places, size_t n)
{
    take_some(p, b, places, n);
}

void partition_pass(struct partition *p, uint64_t clock)
{
    sweep(p, clock);
}

void partition_end(struct partition *p, enum flow_end reason)
{
    end_all(p, reason);
}

struct flow *partition_next(struct partition *p, struct ended_flow *when)
{
    if (p->given != STORE_NOBODY)
        release(p, p->given);
    p->given = STORE_NOBODY;
    const struct ended_flow *const next = ended_next(&p->ended);
    if (!next)
        return NULL;
    const struct ended_flow *const later = ended_later(&p->ended, ROWS_AHEAD);
    if (later)
        prefetch_bytes(store_at(p->store, later->place), p->layout->size);
    *when = *next;
    p->given = next->place;
    struct flow *const f = store_at(p->store, next->place);
    if (!f->parts)
        flow_grow(p->layout, f, memset(p->scratch, 0, p->layout->aside));
    flow_finish(p->layout, f);
    return f;
}

size_t partition_count(const struct partition *p)
{
    return store_count(p->store);
}

uint64_t partition_ended(const struct partition *p, enum flow_end reason)
{
    return p->counts[reason];
}
