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

/* For a point x from the mean in length and y in time, both with blurs: their covariance is L L',
 * and z = L^-1 (x, y) is z1 = x / sd, z2 = e / rest with e = y - slope x, the part of y that x
 * does not say. The true point is expected at
 *
 *     x - len_pull x + len_gain e, y - iat_pull e
 *
 * and has about that the covariance of the last three. */
struct factor {
    double len_len, slope, iat_iat; /* 1 / sd, slope, 1 / rest */
    double log_det;                 /* of the inverse of L */
    double len_pull, len_gain, iat_pull;
    double var_len, cov, var_iat;
};

/* Not positive definite in doubles: NaN. */
static struct factor factor_of(const struct gauss2 *g, double len_blur, double iat_blur)
{
    const double len = g->var_len + len_blur, sd = sqrt(len), slope = g->cov / len;
    const double own = g->var_iat - slope * g->cov, square = own + iat_blur, rest = sqrt(square);
    const double len_pull = len_blur / len, shared = g->cov * len_pull;

    return (struct factor){
        .len_len = 1 / sd,
        .slope = slope,
        .iat_iat = 1 / rest,
        .log_det = -log(sd) - log(rest),
        .len_pull = len_pull,
        .len_gain = shared / square,
        .iat_pull = iat_blur / square,
        .var_len = g->var_len * len_pull - shared * (shared / square),
        .cov = shared * (iat_blur / square),
        .var_iat = own * (iat_blur / square),
    };
}

bool gauss2_valid(const struct gauss2 *g)
{
    const struct factor u = factor_of(g, 0, 0);

    return g->var_len > 0 && isfinite(g->var_iat) && isfinite(g->mean.len) &&
           isfinite(g->mean.iat) && isfinite(u.len_len) && isfinite(u.slope) &&
           isfinite(u.iat_iat) && isfinite(u.log_det);
}

size_t gauss2_stride(size_t k)
{
    return vec_stride(k);
}

/* Rows of the set, then for each blur of times rows of its own. */
enum set_row { SET_LEN, SET_IAT, SET_LEN_LEN, SET_SLOPE, SET_LEN_PULL, SET_ROWS };

enum blur_row {
    BLUR_BASE, /* log density at the mean */
    BLUR_IAT_IAT,
    BLUR_LEN_GAIN,
    BLUR_IAT_PULL,
    BLUR_VAR_LEN,
    BLUR_COV,
    BLUR_VAR_IAT,
    BLUR_ROWS
};

/* A struct of arrays in one piece, of rows of `stride`. */
struct gauss2_set {
    size_t k, stride;
    struct blurs blurs;
    double *rows;
};

static double *blur_rows(const struct gauss2_set *s, size_t blur)
{
    return s->rows + (SET_ROWS + blur * BLUR_ROWS) * s->stride;
}

struct gauss2_set *gauss2_set_new(const struct gauss2 *g, size_t k, const struct blurs *b)
{
    struct gauss2_set *const s = mem_zero(1, sizeof *s);

    s->k = k;
    s->stride = vec_stride(k);
    s->blurs = *b;
    s->rows = mem_zero((SET_ROWS + b->n * BLUR_ROWS) * s->stride, sizeof *s->rows);
    for (size_t blur = 0; blur < b->n; blur++)
        for (size_t i = k; i < s->stride; i++)
            blur_rows(s, blur)[BLUR_BASE * s->stride + i] = -INFINITY;
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

static void set_blur(struct gauss2_set *s, const struct gauss2 *g, size_t i, size_t blur)
{
    const struct factor u = factor_of(g, s->blurs.len, s->blurs.iat[blur]);
    double *const item = s->rows + i, *const of_blur = blur_rows(s, blur) + i;

    item[SET_LEN_LEN * s->stride] = u.len_len;
    item[SET_SLOPE * s->stride] = u.slope;
    item[SET_LEN_PULL * s->stride] = u.len_pull;
    of_blur[BLUR_BASE * s->stride] = u.log_det - LOG_2_PI;
    of_blur[BLUR_IAT_IAT * s->stride] = u.iat_iat;
    of_blur[BLUR_LEN_GAIN * s->stride] = u.len_gain;
    of_blur[BLUR_IAT_PULL * s->stride] = u.iat_pull;
    of_blur[BLUR_VAR_LEN * s->stride] = u.var_len;
    of_blur[BLUR_COV * s->stride] = u.cov;
    of_blur[BLUR_VAR_IAT * s->stride] = u.var_iat;
}

void gauss2_set_change(struct gauss2_set *s, const struct gauss2 *g)
{
    for (size_t i = 0; i < s->k; i++) {
        s->rows[SET_LEN * s->stride + i] = g[i].mean.len;
        s->rows[SET_IAT * s->stride + i] = g[i].mean.iat;
        for (size_t blur = 0; blur < s->blurs.n; blur++)
            set_blur(s, &g[i], i, blur);
    }
}

void gauss2_set_weigh(struct gauss2_set *s, const double *weights)
{
    for (size_t i = 0; i < s->k; i++) {
        const double log_weight = log(weights[i]);
        for (size_t blur = 0; blur < s->blurs.n; blur++)
            blur_rows(s, blur)[BLUR_BASE * s->stride + i] += log_weight;
    }
}

VEC_INLINE void densities_loop(const double *rows, const double *of_blur, size_t stride,
                               struct point p, double *restrict d)
{
    const double *const
        mean_len = rows + SET_LEN * stride,
        *const mean_iat = rows + SET_IAT * stride, *const len_len = rows + SET_LEN_LEN * stride,
        *const slope = rows + SET_SLOPE * stride, *const iat_iat = of_blur + BLUR_IAT_IAT * stride,
        *const base = of_blur + BLUR_BASE * stride;

    for (size_t i = 0; i < stride; i++) {
        const double x = p.len - mean_len[i], e = p.iat - mean_iat[i] - slope[i] * x;
        const double z1 = x * len_len[i], z2 = e * iat_iat[i];
        d[i] = base[i] - 0.5 * (z1 * z1 + z2 * z2);
    }
}
VEC_VARIANTS(void, densities,
             (const double *rows, const double *of_blur, size_t stride, struct point p, double *d),
             densities_loop(rows, of_blur, stride, p, d);)

void gauss2_log_densities(const struct gauss2_set *s, struct point p, size_t blur,
                          double *log_density)
{
    VEC_CALL(densities)(s->rows, blur_rows(s, blur), s->stride, p, log_density);
}

/* Distances of the expected true point from each mean. */
VEC_INLINE void behind_loop(const double *rows, const double *of_blur, size_t stride,
                            struct point p, double *restrict len, double *restrict iat)
{
    const double *const mean_len = rows + SET_LEN * stride,
                        *const mean_iat = rows + SET_IAT * stride,
                        *const slope = rows + SET_SLOPE * stride,
                        *const len_pull = rows + SET_LEN_PULL * stride,
                        *const len_gain = of_blur + BLUR_LEN_GAIN * stride,
                        *const iat_pull = of_blur + BLUR_IAT_PULL * stride;

    for (size_t i = 0; i < stride; i++) {
        const double x = p.len - mean_len[i], y = p.iat - mean_iat[i], e = y - slope[i] * x;
        len[i] = x - len_pull[i] * x + len_gain[i] * e;
        iat[i] = y - iat_pull[i] * e;
    }
}
VEC_VARIANTS(void, behind,
             (const double *rows, const double *of_blur, size_t stride, struct point p, double *len,
              double *iat),
             behind_loop(rows, of_blur, stride, p, len, iat);)

void gauss2_look_behind(const struct gauss2_set *s, struct point p, size_t blur,
                        struct gauss2_behind *b)
{
    const double *const of_blur = blur_rows(s, blur);

    VEC_CALL(behind)(s->rows, of_blur, s->stride, p, b->len, b->iat);
    b->var_len = of_blur + BLUR_VAR_LEN * s->stride;
    b->cov = of_blur + BLUR_COV * s->stride;
    b->var_iat = of_blur + BLUR_VAR_IAT * s->stride;
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

/* A pointer a row, so that the compiler sees them apart. Where a set's rows say the true point is,
 * relative to the tally's origin. */
VEC_INLINE void tally_loop(double *restrict sums, double *restrict len, double *restrict iat,
                           double *restrict len_len, double *restrict len_iat,
                           double *restrict iat_iat, const double *rows, const double *of_blur,
                           size_t n, struct point p, struct point origin, double weight,
                           const double *restrict weights)
{
    const double *const
        mean_len = rows + SET_LEN * n,
        *const mean_iat = rows + SET_IAT * n, *const slope = rows + SET_SLOPE * n,
        *const len_pull = rows + SET_LEN_PULL * n, *const len_gain = of_blur + BLUR_LEN_GAIN * n,
        *const iat_pull = of_blur + BLUR_IAT_PULL * n, *const var_len = of_blur + BLUR_VAR_LEN * n,
        *const cov = of_blur + BLUR_COV * n, *const var_iat = of_blur + BLUR_VAR_IAT * n;
    const struct point from = {p.len - origin.len, p.iat - origin.iat};

    for (size_t i = 0; i < n; i++) {
        const double w = weight * weights[i], off = p.len - mean_len[i];
        const double e = p.iat - mean_iat[i] - slope[i] * off;
        const double x = from.len - len_pull[i] * off + len_gain[i] * e;
        const double y = from.iat - iat_pull[i] * e;
        sums[i] += w;
        len[i] += w * x;
        iat[i] += w * y;
        len_len[i] += w * (x * x + var_len[i]);
        len_iat[i] += w * (x * y + cov[i]);
        iat_iat[i] += w * (y * y + var_iat[i]);
    }
}
VEC_VARIANTS(void, tally,
             (double *t, const double *rows, const double *of_blur, size_t n, struct point p,
              struct point origin, double weight, const double *weights),
             tally_loop(t + TALLY_W * n, t + TALLY_LEN * n, t + TALLY_IAT * n,
                        t + TALLY_LEN_LEN * n, t + TALLY_LEN_IAT * n, t + TALLY_IAT_IAT * n, rows,
                        of_blur, n, p, origin, weight, weights);)

void gauss2_tally_add(struct gauss2_tally *t, const struct gauss2_set *s, struct point p,
                      size_t blur, double weight, const double *weights)
{
    VEC_CALL(tally)(t->rows, s->rows, blur_rows(s, blur), t->stride, p, t->origin, weight, weights);
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
