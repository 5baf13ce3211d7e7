#include "clusters.h"

#include "mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 30 };

struct search {
    const double *rows;
    size_t n, dims, k;
    double *centers;   /* k rows */
    double *distances; /* of each row to its center, squared */
    uint32_t *cluster;
    double *sums; /* k rows */
    size_t *count;
};

static double distance(const double *a, const double *b, size_t dims)
{
    double sum = 0;

    for (size_t i = 0; i < dims; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/* Row i becomes the next center, and rows that are nearer to it go over. */
static void add_center(struct search *s, size_t row)
{
    double *const center = s->centers + s->k * s->dims;

    memcpy(center, s->rows + row * s->dims, s->dims * sizeof *center);
    for (size_t i = 0; i < s->n; i++) {
        const double d = distance(s->rows + i * s->dims, center, s->dims);
        if (d < s->distances[i]) {
            s->distances[i] = d;
            s->cluster[i] = (uint32_t)s->k;
        }
    }
    s->k++;
}

/* A row by its squared distance to its center. False when all rows are centers. */
static bool draw_row(const struct search *s, struct rng *r, size_t *row)
{
    double sum = 0;

    for (size_t i = 0; i < s->n; i++)
        sum += s->distances[i];
    double left = rng_unit(r) * sum;
    bool found = false;
    for (size_t i = 0; i < s->n; i++) {
        if (!(s->distances[i] > 0))
            continue;
        *row = i;
        found = true;
        left -= s->distances[i];
        if (left < 0)
            break;
    }
    return found;
}

static bool assign(struct search *s)
{
    bool changed = false;

    for (size_t i = 0; i < s->n; i++) {
        const double *const row = s->rows + i * s->dims;
        double least = HUGE_VAL;
        uint32_t best = 0;
        for (size_t c = 0; c < s->k; c++) {
            const double d = distance(row, s->centers + c * s->dims, s->dims);
            if (d < least) {
                least = d;
                best = (uint32_t)c;
            }
        }
        changed |= best != s->cluster[i];
        s->cluster[i] = best;
        s->distances[i] = least;
    }
    return changed;
}

static void count_rows(struct search *s)
{
    memset(s->count, 0, s->k * sizeof *s->count);
    memset(s->sums, 0, s->k * s->dims * sizeof *s->sums);
    for (size_t i = 0; i < s->n; i++) {
        double *const sum = s->sums + s->cluster[i] * s->dims;
        s->count[s->cluster[i]]++;
        for (size_t d = 0; d < s->dims; d++)
            sum[d] += s->rows[i * s->dims + d];
    }
}

/* Centers go to the means of their rows; one without rows goes to the row farthest from its own. */
static void move_centers(struct search *s)
{
    count_rows(s);
    for (size_t c = 0; c < s->k; c++) {
        double *const center = s->centers + c * s->dims;
        if (s->count[c] == 0) {
            size_t far = 0;
            for (size_t i = 1; i < s->n; i++)
                if (s->distances[i] > s->distances[far])
                    far = i;
            memcpy(center, s->rows + far * s->dims, s->dims * sizeof *center);
            s->distances[far] = 0;
            continue;
        }
        for (size_t d = 0; d < s->dims; d++)
            center[d] = s->sums[c * s->dims + d] / (double)s->count[c];
    }
}

/* Numbers the clusters that have rows anew, without gaps. */
static size_t close_gaps(struct search *s)
{
    size_t n = 0;

    count_rows(s);
    for (size_t c = 0; c < s->k; c++)
        if (s->count[c] > 0)
            s->count[c] = n++;
    for (size_t i = 0; i < s->n; i++)
        s->cluster[i] = (uint32_t)s->count[s->cluster[i]];
    return n;
}

size_t clusters_find(const double *rows, size_t n, size_t dims, size_t k, struct rng *r,
                     uint32_t *cluster)
{
    const size_t most = k < n ? k : n;
    struct search s = {.rows = rows, .n = n, .dims = dims, .cluster = cluster};
    size_t row = (size_t)rng_below(r, n);

    s.centers = mem_alloc(most * dims, sizeof *s.centers);
    s.distances = mem_alloc(n, sizeof *s.distances);
    s.sums = mem_alloc(most * dims, sizeof *s.sums);
    s.count = mem_alloc(most, sizeof *s.count);
    for (size_t i = 0; i < n; i++)
        s.distances[i] = HUGE_VAL;
    do
        add_center(&s, row);
    while (s.k < most && draw_row(&s, r, &row));
    for (int round = 0; round < MOST_ROUNDS; round++) {
        move_centers(&s);
        if (!assign(&s))
            break;
    }
    const size_t found = close_gaps(&s);
    free(s.centers);
    free(s.distances);
    free(s.sums);
    free(s.count);
    return found;
}
