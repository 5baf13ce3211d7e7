#include "measure.h"

#include "copied.h"
#include "correlate.h"

#include <math.h>
#include <stdlib.h>

static const double SMOOTHING = 0.5; /* of KL: Jeffreys' prior */
static const double NS_PER_MS = 1e6;

/* The metrics of one kind of number. */
struct family {
    enum metric mean, ks, js, kl, emd;
    double unit; /* of what is reported */
};

static const struct family lens = {M_LEN_MEAN, M_LEN_KS, M_LEN_JS, M_LEN_KL, M_LEN_EMD, 1};
static const struct family iats = {M_IAT_MEAN, M_IAT_KS, M_IAT_JS, M_IAT_KL, M_IAT_EMD, NS_PER_MS};
static const struct family seconds = {M_THROUGHPUT_MEAN, M_THROUGHPUT_KS,  M_THROUGHPUT_JS,
                                      M_THROUGHPUT_KL,   M_THROUGHPUT_EMD, 1};

static void measure_dists(struct figures *f, const struct family *m, enum series_dir dir,
                          const struct dist *real, const struct dist *synth,
                          const struct bins *bins)
{
    figures_set_two(f, m->mean, dir, dist_mean(real) / m->unit, dist_mean(synth) / m->unit);
    f->at[m->ks][dir].value = dist_ks(real, synth);
    f->at[m->js][dir].value = bins_js(bins, real, synth);
    f->at[m->kl][dir].value = bins_kl(bins, real, synth, SMOOTHING);
    f->at[m->emd][dir].value = dist_emd(real, synth) / m->unit;
}

static void measure_acf(struct figures *f, enum metric all, enum metric first, enum series_dir dir,
                        const double *real, const double *synth, size_t lags)
{
    double sum = 0;
    size_t n = 0;

    for (size_t k = 0; k < lags; k++)
        if (!isnan(real[k]) && !isnan(synth[k])) {
            sum += fabs(real[k] - synth[k]);
            n++;
        }
    f->at[all][dir].value = n > 0 ? sum / (double)n : NAN;
    figures_set_two(f, first, dir, real[0], synth[0]);
}

/* The work on pairs of numbers, a direction each. */
enum pairing {
    PAIR_LEN, /* packets of both sides at equal positions */
    PAIR_IAT,
    PAIR_REAL, /* len and time of each packet of one side */
    PAIR_SYNTH,
    PAIRINGS,
};

struct pairs {
    const struct side *real, *synth;
    struct coefficients {
        double pearson, spearman;
    } found[PAIRINGS][SERIES_BOTH];
};

/* Of n pairs and their ranks, which are freed. */
static struct coefficients coefficients_of(double *x, double *y, double *x_ranks, double *y_ranks,
                                           size_t n)
{
    const struct coefficients c = {pearson(x, y, n), pearson(x_ranks, y_ranks, n)};

    free(x);
    free(y);
    free(x_ranks);
    free(y_ranks);
    return c;
}

static struct coefficients by_position(const struct lane *a, const struct lane *b,
                                       enum quantity quantity)
{
    const size_t n = a->packets->n < b->packets->n ? a->packets->n : b->packets->n;
    const bool is_len = quantity == QUANTITY_LEN;

    return coefficients_of(quantity_of(a->packets, quantity), quantity_of(b->packets, quantity),
                           column_ranks(is_len ? &a->len : &a->iat, n),
                           column_ranks(is_len ? &b->len : &b->iat, n), n);
}

static struct coefficients within(const struct lane *lane)
{
    const size_t n = lane->packets->n;

    return coefficients_of(quantity_of(lane->packets, QUANTITY_LEN),
                           quantity_of(lane->packets, QUANTITY_LOG_TIME),
                           column_ranks(&lane->len, n), column_ranks(&lane->iat, n), n);
}

static void correlate(void *context, size_t part, unsigned thread)
{
    struct pairs *const p = context;
    const size_t dir = part % SERIES_BOTH;
    const enum pairing pairing = (enum pairing)(part / SERIES_BOTH);
    const struct lane *const real = &p->real->lanes[dir], *const synth = &p->synth->lanes[dir];

    (void)thread;
    p->found[pairing][dir] = pairing == PAIR_LEN   ? by_position(real, synth, QUANTITY_LEN)
                             : pairing == PAIR_IAT ? by_position(real, synth, QUANTITY_IAT)
                                                   : within(pairing == PAIR_REAL ? real : synth);
}

static void measure_pairs(struct figures *f, const struct side *real, const struct side *synth,
                          struct pool *pool)
{
    struct pairs p = {.real = real, .synth = synth};

    pool_run(pool, (size_t)PAIRINGS * SERIES_BOTH, correlate, &p);
    for (size_t i = 0; i < SERIES_BOTH; i++) {
        const enum series_dir dir = (enum series_dir)i;
        f->at[M_LEN_POSITION_PEARSON][i].value = p.found[PAIR_LEN][i].pearson;
        f->at[M_LEN_POSITION_SPEARMAN][i].value = p.found[PAIR_LEN][i].spearman;
        f->at[M_IAT_POSITION_PEARSON][i].value = p.found[PAIR_IAT][i].pearson;
        f->at[M_IAT_POSITION_SPEARMAN][i].value = p.found[PAIR_IAT][i].spearman;
        figures_set_two(f, M_LEN_IAT_PEARSON, dir, p.found[PAIR_REAL][i].pearson,
                        p.found[PAIR_SYNTH][i].pearson);
        figures_set_two(f, M_LEN_IAT_SPEARMAN, dir, p.found[PAIR_REAL][i].spearman,
                        p.found[PAIR_SYNTH][i].spearman);
    }
}

static void measure_lanes(struct figures *f, const struct lane *real, const struct lane *synth,
                          enum series_dir dir, const struct scale *scale)
{
    figures_set_two(f, M_PACKETS, dir, (double)real->packets->n, (double)synth->packets->n);
    measure_dists(f, &lens, dir, &real->len.dist, &synth->len.dist, &scale->len);
    measure_dists(f, &iats, dir, &real->iat.dist, &synth->iat.dist, &scale->iat);
    measure_acf(f, M_LEN_ACF, M_LEN_ACF1, dir, real->len_acf, synth->len_acf, scale->lags);
    measure_acf(f, M_IAT_ACF, M_IAT_ACF1, dir, real->iat_acf, synth->iat_acf, scale->lags);
    measure_dists(f, &seconds, dir, &real->throughput, &synth->throughput, &scale->throughput);
}

struct copying {
    struct figures *figures;
    const struct side *real, *synth;
    const struct scale *scale;
};

static void find_copies(void *context, size_t dir, unsigned thread)
{
    const struct copying *const c = context;
    const bool both = dir == SERIES_BOTH;
    const struct series *const real = both ? c->real->series : c->real->lanes[dir].packets;
    const struct series *const synth = both ? c->synth->series : c->synth->lanes[dir].packets;

    (void)thread;
    c->figures->at[M_COPIED][dir].value =
        copied_share(real, synth, c->scale->copied, &c->scale->iat);
}

void measure_sides(struct figures *f, const struct side *real, const struct side *synth,
                   const struct scale *scale)
{
    figures_clear(f);
    figures_set_two(f, M_PACKETS, SERIES_BOTH, (double)real->series->n, (double)synth->series->n);
    for (size_t dir = 0; dir < SERIES_BOTH; dir++)
        measure_lanes(f, &real->lanes[dir], &synth->lanes[dir], (enum series_dir)dir, scale);
    measure_pairs(f, real, synth, scale->pool);
    struct copying copying = {f, real, synth, scale};
    pool_run(scale->pool, SERIES_BOTH + 1, find_copies, &copying);
    for (size_t dir = 0; dir <= SERIES_BOTH; dir++) {
        const struct dist *const x = &real->bursts[dir], *const y = &synth->bursts[dir];
        figures_set_two(f, M_BURST_MEAN, (enum series_dir)dir, dist_mean(x), dist_mean(y));
        f->at[M_BURST_KS][dir].value = dist_ks(x, y);
    }
}
