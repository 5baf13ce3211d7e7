#include "row_places.h"

#include "mem.h"
#include "rng.h"

#include <stdlib.h>

struct row_places {
    size_t n_strata, n_parts;
    uint64_t *left;  /* n_strata rows of n_parts */
    uint64_t *total; /* of each part, before any is taken */
    struct rng rng;
};

/* What rounding down has left over goes, one row at a time, to the part that is furthest below its
 * share; of equals to the one with the fewest rows for its share so far. */
static void round_up(struct row_places *p, uint64_t *left, uint64_t rows,
                     const struct shares *shares, uint64_t rest)
{
    for (; rest > 0; rest--) {
        size_t best = 0;
        double most = 0;
        for (size_t i = 0; i < shares->n; i++) {
            const double lacks = shares->part[i] * (double)rows - (double)left[i];
            const bool fewer = (double)(p->total[i] + left[i]) / shares->part[i] <
                               (double)(p->total[best] + left[best]) / shares->part[best];
            if (i == 0 || lacks > most || (lacks == most && fewer)) {
                best = i;
                most = lacks;
            }
        }
        left[best]++;
    }
}

/* No part goes without a row where there are enough. */
static void fill_empty(uint64_t *left, uint64_t rows, size_t n_parts)
{
    for (size_t i = 0; i < n_parts && rows >= n_parts; i++) {
        size_t largest = 0;
        for (size_t k = 1; k < n_parts; k++)
            if (left[k] > left[largest])
                largest = k;
        if (left[i] == 0) {
            left[largest]--;
            left[i]++;
        }
    }
}

static void share_out(struct row_places *p, uint32_t stratum, uint64_t rows,
                      const struct shares *shares)
{
    uint64_t *const left = p->left + stratum * p->n_parts;
    uint64_t rest = rows;

    for (size_t i = 0; i < p->n_parts; i++) {
        const uint64_t whole = (uint64_t)(shares->part[i] * (double)rows);
        left[i] = whole < rest ? whole : rest;
        rest -= left[i];
    }
    round_up(p, left, rows, shares, rest);
    fill_empty(left, rows, p->n_parts);
    for (size_t i = 0; i < p->n_parts; i++)
        p->total[i] += left[i];
}

struct row_places *row_places_new(const uint64_t *class_rows, const uint32_t *stratum,
                                  size_t n_classes, const struct shares *shares, uint64_t seed)
{
    struct row_places *const p = mem_zero(1, sizeof *p);

    for (size_t i = 0; i < n_classes; i++)
        if (stratum[i] >= p->n_strata)
            p->n_strata = stratum[i] + 1;
    p->n_parts = shares->n;
    p->left = mem_zero(p->n_strata * p->n_parts, sizeof *p->left);
    p->total = mem_zero(p->n_parts, sizeof *p->total);
    p->rng = rng_new(seed, 0);
    uint64_t *const rows = mem_zero(p->n_strata, sizeof *rows);
    for (size_t i = 0; i < n_classes; i++)
        rows[stratum[i]] += class_rows[i];
    for (uint32_t s = 0; s < p->n_strata; s++)
        share_out(p, s, rows[s], shares);
    free(rows);
    return p;
}

void row_places_free(struct row_places *p)
{
    if (!p)
        return;
    free(p->left);
    free(p->total);
    free(p);
}

uint64_t row_places_of(const struct row_places *p, size_t part)
{
    return p->total[part];
}

size_t row_places_take(struct row_places *p, uint32_t stratum)
{
    uint64_t *const left = p->left + stratum * p->n_parts;
    uint64_t sum = 0;

    for (size_t i = 0; i < p->n_parts; i++)
        sum += left[i];
    if (sum == 0)
        return MOST_PARTS;
    uint64_t place = rng_below(&p->rng, sum);
    size_t part = 0;
    while (place >= left[part])
        place -= left[part++];
    left[part]--;
    return part;
}
