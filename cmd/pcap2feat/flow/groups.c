#include "groups.h"

#include "mem.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

/* A record of the store has the group behind the flow that gives it its key. */
enum { GROUP_AT = (sizeof(struct flow) + 15) / 16 * 16 };

struct groups {
    struct store *store;
};

struct groups *groups_new(uint64_t seed, struct arena *arena)
{
    struct groups *const g = mem_zero(1, sizeof *g);

    g->store = store_new(GROUP_AT + (sizeof(struct group) + 15) / 16 * 16, seed, arena);
    return g;
}

void groups_free(struct groups *g)
{
    store_free(g->store);
    free(g);
}

/* The port of the low end, which no group has, holds the kind. */
static struct flow_key key_of(enum group_kind kind, const struct flow_key *k, bool high)
{
    struct flow_key g = {
        .low_port = (uint16_t)kind,
        .vlan = k->vlan,
        .ip_version = k->ip_version,
    };

    memcpy(g.low, high && kind != GROUP_PAIR ? k->high : k->low, sizeof g.low);
    if (kind != GROUP_HOST)
        memcpy(g.high, high && kind != GROUP_PAIR ? k->low : k->high, sizeof g.high);
    if (kind == GROUP_TARGET) {
        g.high_port = high ? k->low_port : k->high_port;
        g.proto = k->proto;
    }
    return g;
}

struct group *groups_at(const struct groups *g, uint32_t i)
{
    return (struct group *)(void *)((char *)store_at(g->store, i) + GROUP_AT);
}

uint32_t groups_join(struct groups *g, enum group_kind kind, const struct flow_key *k, bool high)
{
    const struct flow_key key = key_of(kind, k, high);
    const uint32_t hash = store_hash(g->store, &key);
    uint32_t i = store_find(g->store, hash, &key);

    if (i == STORE_NOBODY)
        i = store_add(g->store, hash, &key);
    groups_join_at(g, i);
    return i;
}

void groups_join_at(struct groups *g, uint32_t i)
{
    groups_at(g, i)->members++;
}

void groups_leave(struct groups *g, uint32_t i)
{
    if (--groups_at(g, i)->members > 0)
        return;
    store_end(g->store, i);
    store_release(g->store, i);
}
