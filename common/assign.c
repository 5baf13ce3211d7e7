#include "assign.h"

#include "mem.h"

#include <math.h>
#include <stdlib.h>

/* Rows dealt out so far: of the stratum at hand and of all. */
struct loads {
    const struct shares *shares;
    double *stratum, *total;
};

static struct loads loads_new(const struct shares *shares)
{
    return (struct loads){shares, mem_zero(shares->n, sizeof(double)),
                          mem_zero(shares->n, sizeof(double))};
}

static void loads_free(const struct loads *l)
{
    free(l->stratum);
    free(l->total);
}

static void begin_stratum(const struct loads *l)
{
    for (size_t p = 0; p < l->shares->n; p++)
        l->stratum[p] = 0;
}

/* The part that stands lowest with so many rows more; of equals the emptier, then the first. */
static size_t lowest_part(const struct loads *l, double rows)
{
    const double *const share = l->shares->part;
    size_t best = 0;

    for (size_t p = 1; p < l->shares->n; p++) {
        const double now = (l->stratum[p] + rows / 2) / share[p];
        const double then = (l->stratum[best] + rows / 2) / share[best];
        if (now < then || (now == then && l->total[p] / share[p] < l->total[best] / share[best]))
            best = p;
    }
    return best;
}

static void load(const struct loads *l, size_t part, double rows)
{
    l->stratum[part] += rows;
    l->total[part] += rows;
}

/* A group's turn. */
struct turn {
    uint32_t stratum;
    unsigned magnitude; /* power of two of its rows */
    uint64_t random;
    uint32_t group;
};

static int compare_turns(const void *x, const void *y)
{
    const struct turn *const a = x, *const b = y;

    if (a->stratum != b->stratum)
        return a->stratum < b->stratum ? -1 : 1;
    if (a->magnitude != b->magnitude)
        return a->magnitude > b->magnitude ? -1 : 1;
    if (a->random != b->random)
        return a->random < b->random ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

static struct turn *order_groups(const struct groups *g, const uint32_t *stratum, uint64_t seed)
{
    struct turn *const turns = mem_alloc(g->n, sizeof *turns);

    for (uint32_t i = 0; i < g->n; i++) {
        const struct hash128 key = index_hash(g->keys, i);
        const uint64_t seeded[3] = {key.low, key.high, seed};
        turns[i] = (struct turn){
            .stratum = stratum[g->all[i].class],
            .magnitude = 63 - (unsigned)__builtin_clzll(g->all[i].rows),
            .random = hash128(seeded, sizeof seeded).low,
            .group = i,
        };
    }
    qsort(turns, g->n, sizeof *turns, compare_turns);
    return turns;
}

/* Very uneven shares can leave a part without a group of the stratum: it gets the smallest group
 * of a part that has several. */
static void fill_empty_parts(struct groups *g, const struct turn *turns, size_t n,
                             const struct loads *l)
{
    const size_t parts = l->shares->n;
    size_t *const count = mem_zero(parts, sizeof *count);

    for (size_t i = 0; i < n; i++)
        count[g->all[turns[i].group].part]++;
    for (size_t p = 0; p < parts && n >= parts; p++)
        for (size_t i = n; i-- > 0 && count[p] == 0;) {
            struct group *const group = &g->all[turns[i].group];
            if (count[group->part] < 2)
                continue;
            load(l, group->part, -(double)group->rows);
            load(l, p, (double)group->rows);
            count[group->part]--;
            count[p]++;
            group->part = (uint32_t)p;
        }
    free(count);
}

void assign_groups(struct groups *g, const uint32_t *stratum, const struct shares *shares,
                   uint64_t seed)
{
    struct turn *const turns = order_groups(g, stratum, seed);
    const struct loads loads = loads_new(shares);

    for (size_t from = 0, i; from < g->n; from = i) {
        begin_stratum(&loads);
        for (i = from; i < g->n && turns[i].stratum == turns[from].stratum; i++) {
            struct group *const group = &g->all[turns[i].group];
            group->part = (uint32_t)lowest_part(&loads, (double)group->rows);
            load(&loads, group->part, (double)group->rows);
        }
        fill_empty_parts(g, turns + from, i - from, &loads);
    }
    loads_free(&loads);
    free(turns);
}

struct begin {
    uint64_t start, rows;
};

static int compare_begins(const void *x, const void *y)
{
    const struct begin *const a = x, *const b = y;

    return (a->start > b->start) - (a->start < b->start);
}

bool assign_by_time(struct groups *g, double test_share, uint64_t *cut)
{
    struct begin *const begins = mem_alloc(g->n, sizeof *begins);
    uint64_t total = 0, before = 0;
    double nearest = INFINITY;

    for (size_t i = 0; i < g->n; i++) {
        begins[i] = (struct begin){g->all[i].start, g->all[i].rows};
        total += g->all[i].rows;
    }
    qsort(begins, g->n, sizeof *begins, compare_begins);
    for (size_t i = 1; i < g->n; i++) {
        before += begins[i - 1].rows;
        const double off = fabs((double)(total - before) - test_share * (double)total);
        if (begins[i].start > begins[i - 1].start && off < nearest) {
            nearest = off;
            *cut = begins[i].start;
        }
    }
    free(begins);
    if (nearest == INFINITY)
        return false;
    for (size_t i = 0; i < g->n; i++)
        g->all[i].part = g->all[i].start < *cut ? TRAIN : TEST;
    return true;
}
