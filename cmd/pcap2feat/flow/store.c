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

/* Records lie in blocks, each of twice as many as the one before; nodes in small ones of one size,
 * which are quicker to find. */
enum { FIRST_BLOCK = 16, BLOCKS = 28, NODES = 256 };

struct store {
    size_t stride, live;
    uint32_t n, free;
    uint64_t seed;
    uint32_t *heads;
    uint32_t mask; /* heads - 1 */
    uint32_t newest, oldest;
    struct flow_link closing; /* its newest and its oldest */
    struct arena *arena;
    char *blocks[BLOCKS];
    struct node **nodes;
    size_t nodes_cap;
};

/* There are twice as many heads as flows at most, and those that were there before. */
_Static_assert(sizeof(struct node) + 4 * sizeof(uint32_t) + sizeof(struct flow) +
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

static struct node *node_at(const struct store *s, uint32_t i)
{
    return &s->nodes[i / NODES][i % NODES];
}

static void new_heads(struct store *s, size_t n)
{
    s->heads = arena_take(s->arena, n * sizeof *s->heads);
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
        __builtin_prefetch(node_at(s, i));
}

struct flow *store_prefetch_record(const struct store *s, uint32_t hash)
{
    const struct node *n;
    uint32_t i = s->heads[hash & s->mask];

    for (;; i = n->next) {
        if (i == STORE_NOBODY)
            return NULL;
        n = node_at(s, i);
        if (n->hash == hash)
            break;
    }
    struct flow *const f = store_at(s, i);
    prefetch_bytes(f, s->stride);
    if (n->newer < NOT_LISTED)
        __builtin_prefetch(node_at(s, n->newer), 1);
    if (n->older != STORE_NOBODY)
        __builtin_prefetch(node_at(s, n->older), 1);
    return f;
}

uint32_t store_find(const struct store *s, uint32_t hash, const struct flow_key *k)
{
    uint32_t i = s->heads[hash & s->mask];

    while (i != STORE_NOBODY &&
           (node_at(s, i)->hash != hash || !flow_key_equal(&store_at(s, i)->key, k)))
        i = node_at(s, i)->next;
    return i;
}

static void link_chain(struct store *s, uint32_t i)
{
    uint32_t *const head = &s->heads[node_at(s, i)->hash & s->mask];

    node_at(s, i)->next = *head;
    *head = i;
}

static void unlink_chain(struct store *s, uint32_t i)
{
    uint32_t *at = &s->heads[node_at(s, i)->hash & s->mask];

    while (*at != i)
        at = &node_at(s, *at)->next;
    *at = node_at(s, i)->next;
}

static void link_newest(struct store *s, uint32_t i)
{
    node_at(s, i)->newer = STORE_NOBODY;
    node_at(s, i)->older = s->newest;
    *(s->newest == STORE_NOBODY ? &s->oldest : &node_at(s, s->newest)->newer) = i;
    s->newest = i;
}

static void unlink_met(struct store *s, uint32_t i)
{
    const struct node *const n = node_at(s, i);

    *(n->newer == STORE_NOBODY ? &s->newest : &node_at(s, n->newer)->older) = n->older;
    *(n->older == STORE_NOBODY ? &s->oldest : &node_at(s, n->older)->newer) = n->newer;
}

static void double_heads(struct store *s)
{
    new_heads(s, 2 * ((size_t)s->mask + 1));
    for (uint32_t i = 0; i < s->n; i++)
        if (node_at(s, i)->newer != NOT_LISTED)
            link_chain(s, i);
}

/* For the record and the node behind the last. */
static void add_room(struct store *s)
{
    const unsigned block = block_of(s->n + FIRST_BLOCK);

    if (!s->blocks[block])
        s->blocks[block] = arena_take(s->arena, ((size_t)FIRST_BLOCK << block) * s->stride);
    if (s->n % NODES > 0)
        return;
    s->nodes = mem_grow(s->nodes, &s->nodes_cap, s->n / NODES + 1, sizeof *s->nodes);
    s->nodes[s->n / NODES] = arena_take(s->arena, NODES * sizeof **s->nodes);
}

/* *fresh: its record was never used and is zero. Those that lie ahead are wanted soon. */
static uint32_t take_place(struct store *s, bool *fresh)
{
    enum { AHEAD = 4 };

    *fresh = s->free == STORE_NOBODY;
    if (!*fresh) {
        const uint32_t i = s->free;
        s->free = node_at(s, i)->next;
        return i;
    }
    add_room(s);
    node_at(s, s->n)->newer = NOT_LISTED;
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
    node_at(s, i)->hash = hash;
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
    while (i < s->n && node_at(s, i)->newer == NOT_LISTED)
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
    node_at(s, i)->newer = NOT_LISTED;
    s->live--;
}

void store_end_all(struct store *s)
{
    memset(s->heads, 0xff, ((size_t)s->mask + 1) * sizeof *s->heads);
    for (uint32_t i = 0; i < s->n; i++)
        node_at(s, i)->newer = NOT_LISTED;
    s->newest = s->oldest = STORE_NOBODY;
    s->closing = (struct flow_link){STORE_NOBODY, STORE_NOBODY};
    s->live = 0;
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
    node_at(s, i)->next = s->free;
    s->free = i;
}
