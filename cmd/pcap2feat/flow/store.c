#include "store.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct link {
    uint32_t newer, older;
};

/* Lists by place in the array; chains from a power of two of heads, never fewer than nodes. */
struct node {
    uint32_t hash;
    uint32_t next; /* in the chain, or among the free ones */
    struct link list[2];
    uint64_t unused; /* the record that follows begins on 16 bytes */
};

enum { LIST_MET, LIST_CLOSING };

struct store {
    size_t stride, n, cap, live;
    uint64_t seed;
    char *nodes;
    uint32_t *heads;
    uint32_t mask; /* heads - 1 */
    uint32_t free;
    struct link ends[2]; /* of each list: its newest and its oldest */
};

_Static_assert(sizeof(struct node) % 16 == 0, "records are aligned");
_Static_assert(sizeof(struct node) + 2 * sizeof(uint32_t) + sizeof(struct flow) +
                       7 * sizeof(struct spread) + sizeof(struct part_times) +
                       sizeof(struct part_payload) + sizeof(struct part_tcp) + 8 +
                       sizeof(struct part_ip) + 8 + sizeof(struct part_histograms) +
                       sizeof(struct part_bursts) - 2 * sizeof(struct spread) +
                       sizeof(struct part_activity) + sizeof(struct part_macs) + 3 <=
                   FLOW_BYTES,
               "the stated memory of a flow");

static struct node *node_at(const struct store *s, uint32_t i)
{
    return (struct node *)(void *)(s->nodes + i * s->stride);
}

struct flow *store_at(const struct store *s, uint32_t i)
{
    return (struct flow *)(void *)(node_at(s, i) + 1);
}

static void new_heads(struct store *s, size_t n)
{
    free(s->heads);
    s->heads = mem_alloc(n, sizeof *s->heads);
    s->mask = (uint32_t)(n - 1);
    memset(s->heads, 0xff, n * sizeof *s->heads);
}

struct store *store_new(size_t size, uint64_t seed)
{
    struct store *const s = mem_zero(1, sizeof *s);

    s->stride = sizeof(struct node) + size;
    s->seed = seed;
    s->free = STORE_NOBODY;
    memset(s->ends, 0xff, sizeof s->ends);
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

static void unlink_from(struct store *s, int list, uint32_t i)
{
    struct link *const own = &node_at(s, i)->list[list], *const ends = &s->ends[list];

    *(own->newer == STORE_NOBODY ? &ends->newer : &node_at(s, own->newer)->list[list].older) =
        own->older;
    *(own->older == STORE_NOBODY ? &ends->older : &node_at(s, own->older)->list[list].newer) =
        own->newer;
}

static void link_newest(struct store *s, int list, uint32_t i)
{
    struct link *const ends = &s->ends[list];

    node_at(s, i)->list[list] = (struct link){.newer = STORE_NOBODY, .older = ends->newer};
    *(ends->newer == STORE_NOBODY ? &ends->older : &node_at(s, ends->newer)->list[list].newer) = i;
    ends->newer = i;
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

static void double_heads(struct store *s)
{
    new_heads(s, 2 * ((size_t)s->mask + 1));
    for (uint32_t i = s->ends[LIST_MET].older; i != STORE_NOBODY;
         i = node_at(s, i)->list[LIST_MET].newer)
        link_chain(s, i);
}

static uint32_t take_place(struct store *s)
{
    if (s->free != STORE_NOBODY) {
        const uint32_t i = s->free;
        s->free = node_at(s, i)->next;
        return i;
    }
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap + s->cap / 4 + 1 : 8;
        s->nodes = mem_resize(s->nodes, s->cap, s->stride);
    }
    return (uint32_t)s->n++;
}

static uint32_t hash_of(const struct store *s, const struct flow_key *k)
{
    return (uint32_t)flow_key_hash_seeded(k, s->seed);
}

uint32_t store_find(const struct store *s, const struct flow_key *k)
{
    const uint32_t hash = hash_of(s, k);
    uint32_t i = s->heads[hash & s->mask];

    while (i != STORE_NOBODY &&
           (node_at(s, i)->hash != hash || !flow_key_equal(&store_at(s, i)->key, k)))
        i = node_at(s, i)->next;
    return i;
}

uint32_t store_add(struct store *s, const struct flow_key *k)
{
    if (s->live > s->mask)
        double_heads(s);
    const uint32_t i = take_place(s);
    memset(node_at(s, i), 0, s->stride);
    node_at(s, i)->hash = hash_of(s, k);
    store_at(s, i)->key = *k;
    link_chain(s, i);
    link_newest(s, LIST_MET, i);
    s->live++;
    return i;
}

void store_touch(struct store *s, uint32_t i)
{
    if (i == s->ends[LIST_MET].newer)
        return;
    unlink_from(s, LIST_MET, i);
    link_newest(s, LIST_MET, i);
}

void store_close(struct store *s, uint32_t i)
{
    store_at(s, i)->closing = true;
    link_newest(s, LIST_CLOSING, i);
}

uint32_t store_oldest(const struct store *s)
{
    return s->ends[LIST_MET].older;
}

uint32_t store_closing(const struct store *s)
{
    return s->ends[LIST_CLOSING].older;
}

void store_end(struct store *s, uint32_t i)
{
    unlink_chain(s, i);
    unlink_from(s, LIST_MET, i);
    if (store_at(s, i)->closing)
        unlink_from(s, LIST_CLOSING, i);
    s->live--;
}

uint32_t store_copy(struct store *s, uint32_t i)
{
    const uint32_t copy = take_place(s);

    memcpy(store_at(s, copy), store_at(s, i), s->stride - sizeof(struct node));
    return copy;
}

void store_release(struct store *s, uint32_t i)
{
    node_at(s, i)->next = s->free;
    s->free = i;
}
