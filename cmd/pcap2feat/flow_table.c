#include "flow_table.h"

#include "err.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define NOBODY UINT32_MAX

/* Chains of nodes from a power of two of heads, never fewer heads than nodes (up to twice); the
 * nodes are also in one list by how recently they were met. Links are places in the array, so that
 * it may move when it grows. */
struct node {
    struct flow_key key;
    struct flow_state state;
    uint32_t hash; /* the low half: enough to choose a head, and spares most comparisons of keys */
    uint32_t next; /* in the chain */
    uint32_t newer, older;
};

struct flow_table {
    uint64_t seed;
    struct node *nodes;
    size_t n, cap, max;
    uint32_t *heads;
    uint32_t mask; /* heads - 1 */
    uint32_t newest, oldest;
    uint64_t evicted;
};

_Static_assert(sizeof(struct node) + 2 * sizeof(uint32_t) <= FLOW_TABLE_BYTES,
               "the stated memory of a flow");

static void new_heads(struct flow_table *t, size_t n)
{
    free(t->heads);
    t->heads = mem_alloc(n, sizeof *t->heads);
    t->mask = (uint32_t)(n - 1);
    memset(t->heads, 0xff, n * sizeof *t->heads);
}

struct flow_table *flow_table_new(size_t max_flows)
{
    struct flow_table *const t = mem_zero(1, sizeof *t);

    t->max = max_flows;
    t->newest = t->oldest = NOBODY;
    /* The seed decides where a flow lies, never what is said of it. */
    if (getrandom(&t->seed, sizeof t->seed, 0) != (ssize_t)sizeof t->seed)
        die_sys("getrandom");
    new_heads(t, 1024);
    return t;
}

void flow_table_free(struct flow_table *t)
{
    if (!t)
        return;
    free(t->nodes);
    free(t->heads);
    free(t);
}

void flow_table_clear(struct flow_table *t)
{
    if (t->n > 0)
        memset(t->heads, 0xff, ((size_t)t->mask + 1) * sizeof *t->heads);
    t->n = 0;
    t->newest = t->oldest = NOBODY;
}

size_t flow_table_count(const struct flow_table *t)
{
    return t->n;
}

uint64_t flow_table_evicted(const struct flow_table *t)
{
    return t->evicted;
}

static void unlink_age(struct flow_table *t, uint32_t i)
{
    const struct node *const n = &t->nodes[i];

    *(n->newer == NOBODY ? &t->newest : &t->nodes[n->newer].older) = n->older;
    *(n->older == NOBODY ? &t->oldest : &t->nodes[n->older].newer) = n->newer;
}

static void link_newest(struct flow_table *t, uint32_t i)
{
    t->nodes[i].newer = NOBODY;
    t->nodes[i].older = t->newest;
    *(t->newest == NOBODY ? &t->oldest : &t->nodes[t->newest].newer) = i;
    t->newest = i;
}

static void link_chain(struct flow_table *t, uint32_t i)
{
    uint32_t *const head = &t->heads[t->nodes[i].hash & t->mask];

    t->nodes[i].next = *head;
    *head = i;
}

static void unlink_chain(struct flow_table *t, uint32_t i)
{
    uint32_t *link = &t->heads[t->nodes[i].hash & t->mask];

    while (*link != i)
        link = &t->nodes[*link].next;
    *link = t->nodes[i].next;
}

static void double_heads(struct flow_table *t)
{
    new_heads(t, 2 * ((size_t)t->mask + 1));
    for (uint32_t i = 0; i < t->n; i++)
        link_chain(t, i);
}

/* A node for one more flow: a fresh one, or that of the flow that has been idle the longest. */
static uint32_t take_node(struct flow_table *t)
{
    if (t->n < t->max) {
        if (t->n > t->mask)
            double_heads(t);
        if (t->n == t->cap) {
            const size_t cap = t->cap ? t->cap + t->cap / 2 : 512;
            t->cap = cap < t->max ? cap : t->max;
            t->nodes = mem_resize(t->nodes, t->cap, sizeof *t->nodes);
        }
        return (uint32_t)t->n++;
    }
    const uint32_t i = t->oldest;
    unlink_chain(t, i);
    unlink_age(t, i);
    t->evicted++;
    return i;
}

struct flow_state *flow_table_get(struct flow_table *t, const struct flow_key *k, bool *is_new)
{
    const uint32_t hash = (uint32_t)flow_key_hash_seeded(k, t->seed);
    uint32_t i = t->heads[hash & t->mask];

    while (i != NOBODY && (t->nodes[i].hash != hash || !flow_key_equal(&t->nodes[i].key, k)))
        i = t->nodes[i].next;
    *is_new = i == NOBODY;
    if (*is_new) {
        i = take_node(t);
        t->nodes[i] = (struct node){.key = *k, .hash = hash};
        link_chain(t, i);
        link_newest(t, i);
    } else if (i != t->newest) {
        unlink_age(t, i);
        link_newest(t, i);
    }
    return &t->nodes[i].state;
}
