#include "cart_sample.h"

#include "mem.h"
#include "sort.h"

#include <stdlib.h>
#include <string.h>

struct rank_job {
    struct dataset *dataset;
    struct ranking *ranking;
    struct sample *sample;
};

/* Keeps one of each run of equal values and gives every row the number of its run. */
static size_t number_runs(uint64_t *sorted, const uint32_t *rows, size_t n, uint32_t *ranks)
{
    size_t n_values = 0;

    for (size_t i = 0; i < n; i++) {
        if (n_values == 0 || sorted[i] != sorted[n_values - 1])
            sorted[n_values++] = sorted[i];
        ranks[rows[i]] = (uint32_t)(n_values - 1);
    }
    return n_values;
}

static void rank_column(void *context, size_t f, unsigned thread)
{
    const struct rank_job *const job = context;
    const size_t n = job->dataset->n_rows;
    uint64_t *values = job->dataset->columns[f];
    uint64_t *spare_values = mem_alloc(n, sizeof *spare_values);
    uint32_t *rows = mem_alloc(n, sizeof *rows), *spare_rows = mem_alloc(n, sizeof *spare_rows);

    (void)thread;
    job->dataset->columns[f] = NULL;
    for (size_t i = 0; i < n; i++)
        rows[i] = (uint32_t)i;
    sort_values(&values, &spare_values, &rows, &spare_rows, n);
    free(spare_values);
    job->sample->ranks[f] = spare_rows;
    const size_t n_values = number_runs(values, rows, n, spare_rows);
    free(rows);
    job->ranking->n_values[f] = n_values;
    job->ranking->values[f] = mem_resize(values, n_values, sizeof *values);
}

static struct sample *sample_empty(size_t n_rows, size_t n_features, size_t n_classes)
{
    struct sample *const s = mem_zero(1, sizeof *s);

    s->n_rows = n_rows;
    s->n_features = n_features;
    s->n_classes = n_classes;
    s->ranks = mem_zero(n_features, sizeof *s->ranks);
    s->labels = mem_alloc(n_rows, sizeof *s->labels);
    return s;
}

struct sample *sample_new(struct dataset *d, struct ranking *r, struct pool *pool)
{
    struct sample *const s = sample_empty(d->n_rows, d->n_features, d->n_classes);

    *r = (struct ranking){
        .n_features = d->n_features,
        .values = mem_zero(d->n_features, sizeof *r->values),
        .n_values = mem_zero(d->n_features, sizeof *r->n_values),
    };
    for (size_t i = 0; i < d->n_rows; i++)
        s->labels[i] = (uint16_t)d->labels[i];
    free(d->labels);
    d->labels = NULL;
    struct rank_job job = {.dataset = d, .ranking = r, .sample = s};
    pool_run(pool, d->n_features, rank_column, &job);
    return s;
}

void sample_free(struct sample *s)
{
    if (!s)
        return;
    for (size_t f = 0; f < s->n_features; f++)
        free(s->ranks[f]);
    free(s->ranks);
    free(s->labels);
    free(s);
}

void ranking_free(struct ranking *r)
{
    for (size_t f = 0; f < r->n_features; f++)
        free(r->values[f]);
    free(r->values);
    free(r->n_values);
}

unsigned ranking_bits(const struct ranking *r, size_t feature)
{
    unsigned bits = 1;

    while ((r->n_values[feature] - 1) >> bits)
        bits++;
    return bits;
}

struct sample *sample_draw(const struct sample *s, struct rng *draw)
{
    struct sample *const drawn = sample_empty(s->n_rows, s->n_features, s->n_classes);
    uint32_t *const rows = mem_alloc(s->n_rows, sizeof *rows);

    for (size_t i = 0; i < s->n_rows; i++)
        rows[i] = draw ? (uint32_t)rng_below(draw, s->n_rows) : (uint32_t)i;
    for (size_t i = 0; i < s->n_rows; i++)
        drawn->labels[i] = s->labels[rows[i]];
    for (size_t f = 0; f < s->n_features; f++) {
        drawn->ranks[f] = mem_alloc(s->n_rows, sizeof *drawn->ranks[f]);
        for (size_t i = 0; i < s->n_rows; i++)
            drawn->ranks[f][i] = s->ranks[f][rows[i]];
    }
    free(rows);
    return drawn;
}
