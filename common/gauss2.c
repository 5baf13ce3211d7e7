#include "gauss2.h"

#include "mem.h"
#include "vec_target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LOG_2_PI = 0x1.d67f1c864beb5p0;

/* With eigenvalues high and low and the angle t of twice the first eigenvector's direction, the
 * matrix is low I + (high - low) / 2 [1 + cos t, sin t; sin t, 1 - cos t]. */
struct gauss2 gauss2_fit(const struct gauss2_sums *sums, struct point origin, double floor)
{
    const double len = sums->len / sums->w, iat = sums->iat / sums->w;
    const double a = sums->len_len / sums->w - len * len;
    const double b = sums->len_iat / sums->w - len * iat;
    const double c = sums->iat_iat / sums->w - iat * iat;
    const double difference = (a - c) / 2, radius = sqrt(difference * difference + b * b);
    const double high = fmax((a + c) / 2 + radius, floor);
    const double low = fmax((a + c) / 2 - radius, floor);
    const double half = (high - low) / 2, cosine = radius > 0 ? difference / radius : 0;

    return (struct gauss2){
        .mean = {origin.len + len, origin.iat + iat},
        .var_len = low + half * (1 + cosine),
        .cov = radius > 0 ? half * (b / radius) : 0,
        .var_iat = low + half * (1 - cosine),
    };
}

/* x = mean + L z with L L' = covariance; its inverse U (lower triangular) gives z. */
struct factor {
    double len_len, iat_len, iat_iat; /* of U */
    double log_det;                   /* of U */
};

/* Not positive definite in doubles: NaN. */
static struct factor factor_of(const struct gauss2 *g)
{
    const double sd = sqrt(g->var_len), slope = g->cov / g->var_len;
    const double rest = sqrt(g->var_iat - slope * g->cov);

    return (struct factor){
        .len_len = 1 / sd,
        .iat_len = -slope / rest,
        .iat_iat = 1 / rest,
        .log_det = -log(sd) - log(rest),
    };
}

bool gauss2_valid(const struct gauss2 *g)
{
    const struct factor u = factor_of(g);

    return g->var_len > 0 && isfinite(g->var_iat) && isfinite(g->mean.len) &&
           isfinite(g->mean.iat) && isfinite(u.len_len) && isfinite(u.iat_len) &&
           isfinite(u.iat_iat) && isfinite(u.log_det);
}

size_t gauss2_stride(size_t k)
{
    return vec_stride(k);
}

enum set_row {
    SET_LEN,
    SET_IAT,
    SET_LEN_LEN,
    SET_IAT_LEN,
    SET_IAT_IAT,
    SET_BASE, /* log density at the mean */
    SET_ROWS
};

/* A struct of arrays in one piece: SET_ROWS rows of `stride`. */
struct gauss2_set {
    size_t k, stride;
    double *rows;
};

struct gauss2_set *gauss2_set_new(const struct gauss2 *g, size_t k)
{
    struct gauss2_set *const s = mem_zero(1, sizeof *s);

    s->k = k;
    s->stride = vec_stride(k);
    s->rows = mem_zero(SET_ROWS * s->stride, sizeof *s->rows);
    for (size_t i = k; i < s->stride; i++)
        s->rows[SET_BASE * s->stride + i] = -INFINITY;
    gauss2_set_change(s, g);
    return s;
}

void gauss2_set_free(struct gauss2_set *s)
{
    if (!s)
        return;
    free(s->rows);
    free(s);
}

void gauss2_set_change(struct gauss2_set *s, const struct gauss2 *g)
{
    for (size_t i = 0; i < s->k; i++) {
        const struct factor u = factor_of(&g[i]);
        double *const item = s->rows + i;
        item[SET_LEN * s->stride] = g[i].mean.len;
        item[SET_IAT * s->stride] = g[i].mean.iat;
        item[SET_LEN_LEN * s->stride] = u.len_len;
        item[SET_IAT_LEN * s->stride] = u.iat_len;
        item[SET_IAT_IAT * s->stride] = u.iat_iat;
        item[SET_BASE * s->stride] = u.log_det - LOG_2_PI;
    }
}

void gauss2_set_weigh(struct gauss2_set *s, const double *weights)
{
    for (size_t i = 0; i < s->k; i++)
        s->rows[SET_BASE * s->stride + i] += log(weights[i]);
}

VEC_INLINE void densities_loop(const double *rows, size_t stride, struct point p,
                               double *restrict d)
{
    const double *const
        mean_len = rows + SET_LEN * stride,
        *const mean_iat = rows + SET_IAT * stride, *const len_len = rows + SET_LEN_LEN * stride,
        *const iat_len = rows + SET_IAT_LEN * stride, *const iat_iat = rows + SET_IAT_IAT * stride,
        *const base = rows + SET_BASE * stride;

    for (size_t i = 0; i < stride; i++) {
        const double len = p.len - mean_len[i], iat = p.iat - mean_iat[i];
        const double z1 = len * len_len[i], z2 = len * iat_len[i] + iat * iat_iat[i];
        d[i] = base[i] - 0.5 * (z1 * z1 + z2 * z2);
    }
}
VEC_VARIANTS(void, densities, (const double *rows, size_t stride, struct point p, double *d),
             densities_loop(rows, stride, p, d);)

void gauss2_log_densities(const struct gauss2_set *s, struct point p, double *log_density)
{
    VEC_CALL(densities)(s->rows, s->stride, p, log_density);
}

enum tally_row {
    TALLY_W,
    TALLY_LEN,
    TALLY_IAT,
    TALLY_LEN_LEN,
    TALLY_LEN_IAT,
    TALLY_IAT_IAT,
    TALLY_ROWS
};

struct gauss2_tally {
    size_t k, stride;
    struct point origin;
    double *rows;
};

struct gauss2_tally *gauss2_tally_new(size_t k, struct point origin)
{
    struct gauss2_tally *const t = mem_zero(1, sizeof *t);

    t->k = k;
    t->stride = vec_stride(k);
    t->origin = origin;
    t->rows = mem_zero(TALLY_ROWS * t->stride, sizeof *t->rows);
    return t;
}

void gauss2_tally_free(struct gauss2_tally *t)
{
    if (!t)
        return;
    free(t->rows);
    free(t);
}

void gauss2_tally_clear(struct gauss2_tally *t)
{
    memset(t->rows, 0, TALLY_ROWS * t->stride * sizeof *t->rows);
}

/* A pointer a row, so that the compiler sees them apart. */
VEC_INLINE void tally_loop(double *restrict sums, double *restrict len, double *restrict iat,
                           double *restrict len_len, double *restrict len_iat,
                           double *restrict iat_iat, size_t n, struct point p, double weight,
                           const double *restrict weights)
{
    const double p_len_len = p.len * p.len, p_len_iat = p.len * p.iat, p_iat_iat = p.iat * p.iat;

    for (size_t i = 0; i < n; i++) {
        const double w = weight * weights[i];
        sums[i] += w;
        len[i] += w * p.len;
        iat[i] += w * p.iat;
        len_len[i] += w * p_len_len;
        len_iat[i] += w * p_len_iat;
        iat_iat[i] += w * p_iat_iat;
    }
}
VEC_VARIANTS(void, tally,
             (double *rows, size_t stride, struct point p, double weight, const double *weights),
             tally_loop(rows + TALLY_W * stride, rows + TALLY_LEN * stride,
                        rows + TALLY_IAT * stride, rows + TALLY_LEN_LEN * stride,
                        rows + TALLY_LEN_IAT * stride, rows + TALLY_IAT_IAT * stride, stride, p,
                        weight, weights);)

void gauss2_tally_add(struct gauss2_tally *t, struct point p, double weight, const double *weights)
{
    const struct point d = {p.len - t->origin.len, p.iat - t->origin.iat};

    VEC_CALL(tally)(t->rows, t->stride, d, weight, weights);
}

void gauss2_tally_merge(struct gauss2_tally *t, const struct gauss2_tally *other)
{
    for (size_t i = 0; i < TALLY_ROWS * t->stride; i++)
        t->rows[i] += other->rows[i];
}

struct gauss2_sums gauss2_tally_of(const struct gauss2_tally *t, size_t i)
{
    const double *const item = t->rows + i;

    return (struct gauss2_sums){
        .w = item[TALLY_W * t->stride],
        .len = item[TALLY_LEN * t->stride],
        .iat = item[TALLY_IAT * t->stride],
        .len_len = item[TALLY_LEN_LEN * t->stride],
        .len_iat = item[TALLY_LEN_IAT * t->stride],
        .iat_iat = item[TALLY_IAT_IAT * t->stride],
    };
}

double normal_draw(struct rng *r)
{
    double x, s;

    do {
        const double y = 2 * rng_unit(r) - 1;
        x = 2 * rng_unit(r) - 1;
        s = x * x + y * y;
    } while (s >= 1 || s == 0);
    return x * sqrt(-2 * log(s) / s);
}

struct point gauss2_draw(const struct gauss2 *g, struct rng *r)
{
    const double sd = sqrt(g->var_len), slope = g->cov / sd;
    const double z1 = normal_draw(r), z2 = normal_draw(r);

    return (struct point){
        .len = g->mean.len + sd * z1,
        .iat = g->mean.iat + slope * z1 + sqrt(g->var_iat - slope * slope) * z2,
    };
}
