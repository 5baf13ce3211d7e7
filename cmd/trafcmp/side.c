#include "side.h"

#include "correlate.h"
#include "mem.h"
#include "pace.h"
#include "sort.h"

#include <stdlib.h>

/* Sorts n numbers that stand in `values`, which is freed. */
static struct column column_of(uint64_t *values, size_t n)
{
    uint64_t *spare_values = mem_alloc(n, sizeof *spare_values);
    uint32_t *order = mem_alloc(n, sizeof *order), *spare = mem_alloc(n, sizeof *spare);

    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    sort_values(&values, &spare_values, &order, &spare, n);
    const struct column c = {dist_of_sorted(values, n), order};
    free(values);
    free(spare_values);
    free(spare);
    return c;
}

static struct column column_of_len(const struct series *s)
{
    uint64_t *const values = mem_alloc(s->n, sizeof *values);

    for (size_t i = 0; i < s->n; i++)
        values[i] = s->len[i];
    return column_of(values, s->n);
}

static struct column column_of_iat(const struct series *s)
{
    uint64_t *const values = mem_alloc(s->n, sizeof *values);

    for (size_t i = 0; i < s->n; i++)
        values[i] = s->iat[i];
    return column_of(values, s->n);
}

static void column_destroy(struct column *c)
{
    dist_destroy(&c->dist);
    free(c->order);
}

double *column_ranks(const struct column *c, size_t n)
{
    double *const ranks = mem_alloc(n, sizeof *ranks);
    size_t rank = 0; /* numbers before those of the value at hand */

    for (size_t v = 0, i = 0; v < c->dist.n_values; v++) {
        const size_t begin = i;
        size_t equal = 0;
        for (; i < c->dist.upto[v]; i++)
            equal += c->order[i] < n;
        for (size_t k = begin; k < i; k++)
            if (c->order[k] < n)
                ranks[c->order[k]] = (double)rank + ((double)equal + 1) / 2;
        rank += equal;
    }
    return ranks;
}

double *quantity_of(const struct series *s, enum quantity quantity)
{
    double *const x = mem_alloc(s->n, sizeof *x);

    for (size_t i = 0; i < s->n; i++)
        x[i] = quantity == QUANTITY_LEN   ? s->len[i]
               : quantity == QUANTITY_IAT ? (double)s->iat[i]
                                          : series_point(s->len[i], s->iat[i]).iat;
    return x;
}

static double *acf_of(const struct series *s, enum quantity quantity, size_t lags)
{
    double *const r = mem_alloc(lags, sizeof *r), *const x = quantity_of(s, quantity);

    autocorrelation(x, s, r, lags);
    free(x);
    return r;
}

/* Lengths of runs in which all packets have one direction: dir, or any. */
static struct dist bursts_of(const struct series *s, enum series_dir dir)
{
    uint64_t *runs = NULL;
    size_t n = 0, cap = 0;

    for (size_t f = 0; f < s->n_flows; f++)
        for (size_t i = s->first[f], end; i < s->first[f + 1]; i = end) {
            for (end = i + 1; end < s->first[f + 1] && s->dir[end] == s->dir[i]; end++)
                ;
            if (dir != SERIES_BOTH && s->dir[i] != dir)
                continue;
            runs = mem_grow(runs, &cap, n + 1, sizeof *runs);
            runs[n++] = end - i;
        }
    const struct dist d = dist_of(runs, n, 0);
    free(runs);
    return d;
}

/* Independent parts of the work, a direction each. */
enum job {
    JOB_LEN,
    JOB_IAT,
    JOB_LEN_ACF,
    JOB_IAT_ACF,
    JOB_THROUGHPUT,
    JOB_BURSTS,
    JOBS,
};

static void split(void *context, size_t dir, unsigned thread)
{
    struct side *const side = context;

    (void)thread;
    side->lanes[dir].packets = series_of(side->series, (enum series_dir)dir);
}

static void measure(void *context, size_t part, unsigned thread)
{
    struct side *const side = context;
    const enum series_dir dir = (enum series_dir)(part % SERIES_BOTH);
    struct lane *const lane = &side->lanes[dir];

    (void)thread;
    switch ((enum job)(part / SERIES_BOTH)) {
    case JOB_LEN:
        lane->len = column_of_len(lane->packets);
        break;
    case JOB_IAT:
        lane->iat = column_of_iat(lane->packets);
        break;
    case JOB_LEN_ACF:
        lane->len_acf = acf_of(lane->packets, QUANTITY_LEN, side->lags);
        break;
    case JOB_IAT_ACF:
        lane->iat_acf = acf_of(lane->packets, QUANTITY_LOG_TIME, side->lags);
        break;
    case JOB_THROUGHPUT:
        lane->throughput = pace_dist(side->series, dir);
        break;
    default:
        side->bursts[dir] = bursts_of(side->series, dir);
        break;
    }
}

void side_init(struct side *side, const struct series *s, size_t lags, struct pool *pool)
{
    *side = (struct side){.series = s, .lags = lags};
    pool_run(pool, SERIES_BOTH, split, side);
    pool_run(pool, (size_t)JOBS * SERIES_BOTH, measure, side);
    side->bursts[SERIES_BOTH] = bursts_of(s, SERIES_BOTH);
}

void side_destroy(struct side *side)
{
    for (size_t dir = 0; dir < SERIES_BOTH; dir++) {
        struct lane *const lane = &side->lanes[dir];
        series_free(lane->packets);
        column_destroy(&lane->len);
        column_destroy(&lane->iat);
        free(lane->len_acf);
        free(lane->iat_acf);
        dist_destroy(&lane->throughput);
    }
    for (size_t dir = 0; dir <= SERIES_BOTH; dir++)
        dist_destroy(&side->bursts[dir]);
}
