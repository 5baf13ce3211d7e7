#include "groups.h"

#include "mem.h"

#include <stdlib.h>

/* Rows of a class in a group whose first row is of another. */
struct mixed {
    uint32_t group, class;
    uint64_t rows;
};

struct groups *groups_new(void)
{
    struct groups *const g = mem_zero(1, sizeof *g);

    g->keys = index_new();
    g->mixed_keys = index_new();
    return g;
}

void groups_free(struct groups *g)
{
    if (!g)
        return;
    index_free(g->keys);
    index_free(g->mixed_keys);
    free(g->all);
    free(g->mixed);
    free(g);
}

static bool too_many(struct err *e)
{
    return err_set(e, "more than %u groups", INDEX_MOST);
}

static bool add_mixed(struct groups *g, uint32_t group, uint32_t class, struct err *e)
{
    const uint32_t pair[2] = {group, class};
    const size_t had = index_count(g->mixed_keys);
    const uint32_t i = index_add(g->mixed_keys, hash128(pair, sizeof pair));

    if (i == INDEX_NONE)
        return too_many(e);
    if (i == had) {
        g->mixed = mem_grow(g->mixed, &g->mixed_cap, (size_t)i + 1, sizeof *g->mixed);
        g->mixed[i] = (struct mixed){.group = group, .class = class};
    }
    g->mixed[i].rows++;
    return true;
}

bool groups_add(struct groups *g, struct hash128 key, uint32_t class, uint64_t start, uint64_t end,
                struct err *e)
{
    const uint32_t i = index_add(g->keys, key);

    if (i == INDEX_NONE)
        return too_many(e);
    if (i == g->n) {
        g->all = mem_grow(g->all, &g->cap, g->n + 1, sizeof *g->all);
        g->all[g->n++] = (struct group){.start = start, .end = end, .class = class};
    }
    struct group *const group = &g->all[i];
    group->rows++;
    if (start < group->start)
        group->start = start;
    if (end > group->end)
        group->end = end;
    if (class != group->class)
        return add_mixed(g, i, class, e);
    group->class_rows++;
    return true;
}

void groups_settle(struct groups *g, const uint32_t *rank)
{
    const size_t n = index_count(g->mixed_keys);

    for (size_t i = 0; i < n; i++) {
        const struct mixed *const m = &g->mixed[i];
        struct group *const group = &g->all[m->group];
        if (m->rows > group->class_rows ||
            (m->rows == group->class_rows && rank[m->class] < rank[group->class])) {
            group->class = m->class;
            group->class_rows = m->rows;
        }
    }
}
