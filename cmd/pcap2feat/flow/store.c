#include "store.h"

#include "mem.h"
#include "prefetch.h"

#include <stdlib.h>
#include <string.h>

/* What a search looks at, apart from the records so that more of it stays in the caches. Chains
 * from a power of two of heads, never fewer than nodes. */
struct node {
    uint32_t hash;
    uint32_t next; /* in the chain, or among the free ones */
    uint32_t newer, older;
};

#define NOT_LISTED (UINT32_MAX - 1) /* as newer: the flow has ended */

/* Records lie in blocks, each of twice as many as the one before. */
enum { FIRST_BLOCK = 16, BLOCKS = 28 };

struct store {
    size_t stride, live;
    uint32_t n, free;
    size_t cap; /* of nodes */
    uint64_t seed;
    struct node *nodes;
    uint32_t *heads;
    uint32_t mask; /* heads - 1 */
    uint32_t newest, oldest;
    struct flow_link closing; /* its newest and its oldest */
    struct arena *arena;
    char *blocks[BLOCKS];
};

_Static_assert(sizeof(struct node) + 2 * sizeof(uint32_t) + sizeof(struct flow) +
                       YOUNG_PACKETS * sizeof(struct brief) + 3 * sizeof(struct spread) +
                       sizeof(struct part_payload) + sizeof(struct part_tcp) +
                       sizeof(struct part_headers) + sizeof(struct part_histograms) +
                       sizeof(struct part_bursts) + sizeof(struct part_activity) +
                       sizeof(struct part_macs) + 3 <=
                   FLOW_BYTES,
               "the stated memory of a flow");

static unsigned block_of(uint32_t place)
{
    return 27U - (unsigned)__builtin_clz(place);
}

struct flow *store_at(const struct store *s, uint32_t i)
{
    const uint32_t place = i + FIRST_BLOCK;
    const unsigned block = block_of(place);

    return (struct flow *)(void *)(s->blocks[block] +
                                   (place - ((size_t)FIRST_BLOCK << block)) * s->stride);
}

static void new_heads(struct store *s, size_t n)
{
    free(s->heads);
    s->heads = mem_alloc(n, sizeof *s->heads);
    s->mask = (uint32_t)(n - 1);
    memset(s->heads, 0xff, n * sizeof *s->heads);
}

struct store *store_new(size_t size, uint64_t seed, struct arena *arena)
{
    struct store *const s = mem_zero(1, sizeof *s);

    s->stride = size;
    s->seed = seed;
    s->arena = arena;
    s->free = s->newest = s->oldest = STORE_NOBODY;
    s->closing = (struct flow_link){STORE_NOBODY, STORE_NOBODY};
    new_heads(s, 16);
    return s;
}

void store_free(struct store *s)
{
    free(s->nodes);
    free(s->heads);
    free(s);
}

size_t store_count(const struct store *s)
{
    return s->live;
}

uint32_t store_hash(const struct store *s, const struct flow_key *k)
{
    return (uint32_t)flow_key_hash_seeded(k, s->seed);
}

void store_prefetch_head(const struct store *s, uint32_t hash)
{
    __builtin_prefetch(&s->heads[hash & s->mask]);
}

void store_prefetch_node(const struct store *s, uint32_t hash)
{
    const uint32_t i = s->heads[hash & s->mask];

    if (i != STORE_NOBODY)
        __builtin_prefetch(&s->nodes[i]);
}

uint32_t store_prefetch_record(const struct store *s, uint32_t hash)
{
    uint32_t i = s->heads[hash & s->mask];

    while (i != STORE_NOBODY && s->nodes[i].hash != hash)
        i = s->nodes[i].next;
    if (i == STORE_NOBODY)
        return i;
    const struct node *const n = &s->nodes[i];
    prefetch_bytes(store_at(s, i), s->stride);
    if (n->newer < NOT_LISTED)
        __builtin_prefetch(&s->nodes[n->newer], 1);
    if (n->older != STORE_NOBODY)
        __builtin_prefetch(&s->nodes[n->older], 1);
    return i;
}

uint32_t store_find(const struct store *s, uint32_t hash, const struct flow_key *k)
{
    uint32_t i = s->heads[hash & s->mask];

    while (i != STORE_NOBODY &&
           (s->nodes[i].hash != hash || !flow_key_equal(&store_at(s, i)->key, k)))
        i = s->nodes[i].next;
    return i;
}

static void link_chain(struct store *s, uint32_t i)
{
    uint32_t *const head = &s->heads[s->nodes[i].hash & s->mask];

    s->nodes[i].next = *head;
    *head = i;
}

static void unlink_chain(struct store *s, uint32_t i)
{
    uint32_t *at = &s->heads[s->nodes[i].hash & s->mask];

    while (*at != i)
        at = &s->nodes[*at].next;
    *at = s->nodes[i].next;
}

static void link_newest(struct store *s, uint32_t i)
{
    s->nodes[i].newer = STORE_NOBODY;
    s->nodes[i].older = s->newest;
    *(s->newest == STORE_NOBODY ? &s->oldest : &s->nodes[s->newest].newer) = i;
    s->newest = i;
}

static void unlink_met(struct store *s, uint32_t i)
{
    const struct node *const n = &s->nodes[i];

    *(n->newer == STORE_NOBODY ? &s->newest : &s->nodes[n->newer].older) = n->older;
    *(n->older == STORE_NOBODY ? &s->oldest : &s->nodes[n->older].newer) = n->newer;
}

static void double_heads(struct store *s)
{
    new_heads(s, 2 * ((size_t)s->mask + 1));
    for (uint32_t i = 0; i < s->n; i++)
        if (s->nodes[i].newer != NOT_LISTED)
            link_chain(s, i);
}

/* *fresh: its record was never used and is zero. Those that lie ahead are wanted soon. */
static uint32_t take_place(struct store *s, bool *fresh)
{
    enum { AHEAD = 4 };

    *fresh = s->free == STORE_NOBODY;
    if (!*fresh) {
        const uint32_t i = s->free;
        s->free = s->nodes[i].next;
        return i;
    }
    s->nodes = mem_grow(s->nodes, &s->cap, (size_t)s->n + 1, sizeof *s->nodes);
    const unsigned block = block_of(s->n + FIRST_BLOCK);
    if (!s->blocks[block])
        s->blocks[block] = arena_take(s->arena, ((size_t)FIRST_BLOCK << block) * s->stride);
    s->nodes[s->n].newer = NOT_LISTED;
    prefetch_bytes((const char *)store_at(s, s->n) + AHEAD * s->stride, s->stride);
    return s->n++;
}

uint32_t store_add(struct store *s, uint32_t hash, const struct flow_key *k)
{
    bool fresh;

    if (s->live > s->mask)
        double_heads(s);
    const uint32_t i = take_place(s, &fresh);
    struct flow *const f = store_at(s, i);
    if (!fresh)
        memset(f, 0, s->stride);
    f->key = *k;
    s->nodes[i].hash = hash;
    link_chain(s, i);
    link_newest(s, i);
    s->live++;
    return i;
}

void store_touch(struct store *s, uint32_t i)
{
    if (i == s->newest)
        return;
    unlink_met(s, i);
    link_newest(s, i);
}

void store_close(struct store *s, uint32_t i)
{
    struct flow *const f = store_at(s, i);

    f->closing = true;
    f->link = (struct flow_link){.newer = STORE_NOBODY, .older = s->closing.newer};
    *(s->closing.newer == STORE_NOBODY ? &s->closing.older
                                       : &store_at(s, s->closing.newer)->link.newer) = i;
    s->closing.newer = i;
}

static void unlink_closing(struct store *s, const struct flow *f)
{
    const struct flow_link *const l = &f->link;

    *(l->newer == STORE_NOBODY ? &s->closing.newer : &store_at(s, l->newer)->link.older) = l->older;
    *(l->older == STORE_NOBODY ? &s->closing.older : &store_at(s, l->older)->link.newer) = l->newer;
}

uint32_t store_oldest(const struct store *s)
{
    return s->oldest;
}

uint32_t store_closing(const struct store *s)
{
    return s->closing.older;
}

uint32_t store_from(const struct store *s, uint32_t i)
{
    while (i < s->n && s->nodes[i].newer == NOT_LISTED)
        i++;
    return i < s->n ? i : STORE_NOBODY;
}

void store_end(struct store *s, uint32_t i)
{
    const struct flow *const f = store_at(s, i);

    unlink_chain(s, i);
    unlink_met(s, i);
    if (f->closing)
        unlink_closing(s, f);
    s->nodes[i].newer = NOT_LISTED;
    s->live--;
}

uint32_t store_copy(struct store *s, uint32_t i)
{
    bool fresh;
    const uint32_t copy = take_place(s, &fresh);

    memcpy(store_at(s, copy), store_at(s, i), s->stride);
    return copy;
}

void store_release(struct store *s, uint32_t i)
{
    s->nodes[i].next = s->free;
    s->free = i;
}
