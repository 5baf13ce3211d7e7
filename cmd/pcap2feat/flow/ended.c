#include "ended.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

void ended_reserve(struct ended *e, size_t n)
{
    e->all = arena_grow(e->arena, e->all, e->n, &e->cap, e->n + n, sizeof *e->all);
}

void ended_add(struct ended *e, const struct ended_flow *f)
{
    ended_reserve(e, 1);
    e->all[e->n++] = *f;
}

int ended_compare(const struct ended_flow *a, const struct flow_key *a_key,
                  const struct ended_flow *b, const struct flow_key *b_key)
{
    if (a->last != b->last)
        return a->last ? 1 : -1;
    if (a->found != b->found)
        return a->found < b->found ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return flow_key_compare(a_key, b_key);
}

static bool after(const struct store *s, const struct ended_flow *a, const struct ended_flow *b)
{
    return ended_compare(a, &store_at(s, a->place)->key, b, &store_at(s, b->place)->key) > 0;
}

static void merge(const struct store *s, const struct ended_flow *from, struct ended_flow *to,
                  size_t middle, size_t n)
{
    size_t i = 0, k = middle;

    for (size_t at = 0; at < n; at++)
        to[at] = k == n || (i < middle && !after(s, &from[i], &from[k])) ? from[i++] : from[k++];
}

/* Stable: what is equal stays in the order in which it ended. Most of it is in order already. */
static void sort(struct ended *e, const struct store *s)
{
    size_t sorted = 1;

    while (sorted < e->n && !after(s, &e->all[sorted - 1], &e->all[sorted]))
        sorted++;
    if (sorted >= e->n)
        return;
    struct ended_flow *const spare = mem_alloc(e->n, sizeof *spare), *from = e->all, *to = spare;
    for (size_t width = 1; width < e->n; width *= 2) {
        for (size_t i = 0; i < e->n; i += 2 * width) {
            const size_t left = e->n - i, n = left < 2 * width ? left : 2 * width;
            merge(s, from + i, to + i, width < n ? width : n, n);
        }
        struct ended_flow *const next = from;
        from = to;
        to = next;
    }
    if (from != e->all)
        memcpy(e->all, from, e->n * sizeof *from);
    free(spare);
}

void ended_sort(struct ended *e, const struct store *s, uint64_t before, size_t most)
{
    sort(e, s);
    e->next = e->due = 0;
    while (e->due < e->n && !e->all[e->due].last && e->all[e->due].found < before)
        e->due++;
    if (e->n - e->due > most)
        e->due = e->n;
}

const struct ended_flow *ended_next(struct ended *e)
{
    if (e->next < e->due)
        return &e->all[e->next++];
    e->n -= e->due;
    if (e->due > 0)
        memmove(e->all, e->all + e->due, e->n * sizeof *e->all);
    e->next = e->due = 0;
    return NULL;
}

const struct ended_flow *ended_later(const struct ended *e, size_t n)
{
    return n < e->due - e->next ? &e->all[e->next + n] : NULL;
}
