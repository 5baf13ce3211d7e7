#include "curves.h"

#include "pace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double NS_PER_MS = 1e6;

struct curve {
    struct table_writer *writer;
    const char *what, *which;
    enum series_dir dir;
    double unit; /* of x, divides */
};

static void put_number(struct table_writer *w, double v)
{
    char text[40];

    (void)snprintf(text, sizeof text, "%.12g", v);
    table_put_text(w, text);
}

static void put_point(const struct curve *c, uint64_t x, double y)
{
    table_put_text(c->writer, c->what);
    table_put_text(c->writer, series_dir_name(c->dir));
    table_put_text(c->writer, c->which);
    put_number(c->writer, (double)x / c->unit);
    put_number(c->writer, y);
    table_end_row(c->writer);
}

/* The i-th of at most CURVE_POINTS places that stand for n; returns false after the last. */
static bool thin(size_t n, size_t i, size_t *place)
{
    const size_t points = n < CURVE_POINTS ? n : CURVE_POINTS;

    if (i >= points)
        return false;
    *place = points < 2 ? 0 : i * (n - 1) / (points - 1);
    return true;
}

static void put_cdf(const struct curve *c, const struct dist *d)
{
    for (size_t i = 0, at; thin(d->n_values, i, &at); i++)
        put_point(c, d->values[at], (double)d->upto[at] / (double)d->n);
}

static void put_histogram(const struct curve *c, const struct dist *d, const struct bins *bins)
{
    uint64_t *const counts = bins_count(bins, d);

    for (size_t i = 0; i < bins->n; i++)
        if (counts[i] > 0)
            put_point(c, bins->edges[i], (double)counts[i] / (double)d->n);
    free(counts);
}

static size_t longest_flow(const struct series *s)
{
    size_t best = 0;

    for (size_t f = 1; f < s->n_flows; f++)
        if (s->first[f + 1] - s->first[f] > s->first[best + 1] - s->first[best])
            best = f;
    return best;
}

static void put_throughput(const struct curve *c, const struct series *s)
{
    struct pace p = pace_of(s, longest_flow(s), c->dir);
    uint64_t points = 0;

    for (uint64_t next = UINT64_MAX; pace_next(&p); next = p.second + 1) {
        for (; next < p.second && points < CURVE_POINTS; next++, points++)
            put_point(c, next, 0);
        if (points++ >= CURVE_POINTS)
            return;
        put_point(c, p.second, (double)p.bytes);
    }
}

static void put_scatter(const struct curve *c, const struct series *s)
{
    for (size_t i = 0, at; thin(s->n, i, &at); i++)
        put_point(c, s->iat[at], s->len[at]);
}

/* All curves of one side and direction of one kind, so that what is drawn together is together. */
typedef void put_fn(struct curve *c, const struct side *side, const struct scale *scale);

static void put_len_hist(struct curve *c, const struct side *side, const struct scale *scale)
{
    put_histogram(c, &side->lanes[c->dir].len.dist, &scale->len);
}

static void put_len_cdf(struct curve *c, const struct side *side, const struct scale *scale)
{
    (void)scale;
    put_cdf(c, &side->lanes[c->dir].len.dist);
}

static void put_iat_hist(struct curve *c, const struct side *side, const struct scale *scale)
{
    c->unit = NS_PER_MS;
    put_histogram(c, &side->lanes[c->dir].iat.dist, &scale->iat);
}

static void put_iat_cdf(struct curve *c, const struct side *side, const struct scale *scale)
{
    (void)scale;
    c->unit = NS_PER_MS;
    put_cdf(c, &side->lanes[c->dir].iat.dist);
}

static void put_throughput_cdf(struct curve *c, const struct side *side, const struct scale *scale)
{
    (void)scale;
    put_cdf(c, &side->lanes[c->dir].throughput);
}

static void put_burst_cdf(struct curve *c, const struct side *side, const struct scale *scale)
{
    (void)scale;
    put_cdf(c, &side->bursts[c->dir]);
}

static void put_seconds(struct curve *c, const struct side *side, const struct scale *scale)
{
    (void)scale;
    put_throughput(c, side->series);
}

static void put_packets(struct curve *c, const struct side *side, const struct scale *scale)
{
    (void)scale;
    c->unit = NS_PER_MS;
    put_scatter(c, side->lanes[c->dir].packets);
}

static void put_acf(const struct curve *c, const double *r, size_t lags)
{
    for (size_t k = 0; k < lags; k++)
        if (!isnan(r[k]))
            put_point(c, k + 1, r[k]);
}

static void put_len_acf(struct curve *c, const struct side *side, const struct scale *scale)
{
    put_acf(c, side->lanes[c->dir].len_acf, scale->lags);
}

static void put_iat_acf(struct curve *c, const struct side *side, const struct scale *scale)
{
    put_acf(c, side->lanes[c->dir].iat_acf, scale->lags);
}

static const struct {
    const char *what;
    put_fn *put;
} kinds[] = {
    {"len.hist", put_len_hist},
    {"len.cdf", put_len_cdf},
    {"iat.hist", put_iat_hist},
    {"iat.cdf", put_iat_cdf},
    {"len.acf", put_len_acf},
    {"iat.acf", put_iat_acf},
    {"throughput.cdf", put_throughput_cdf},
    {"burst.cdf", put_burst_cdf},
    {"throughput", put_seconds},
    {"scatter", put_packets},
};

void curves_write(const struct side *real, const struct side *synth, const struct scale *scale,
                  enum table_format format, struct out *out)
{
    static const char *const heads[] = {"what", "direction", "which", "x", "y"};
    struct table_writer *const w = table_writer_new(out, format);

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_put_text(w, heads[i]);
    table_end_row(w);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t dir = SERIES_BOTH; dir-- > 0;)
            for (size_t side = 0; side < 2; side++) {
                struct curve c = {.writer = w,
                                  .what = kinds[i].what,
                                  .which = side ? "synth" : "real",
                                  .dir = (enum series_dir)dir,
                                  .unit = 1};
                kinds[i].put(&c, side ? synth : real, scale);
            }
    table_writer_free(w);
}
