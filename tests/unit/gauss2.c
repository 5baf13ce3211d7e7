/* Checks vec.h and gauss2.h against long double and closed forms, then prints a hash of all that
 * was computed: the same for every compiler and every VEC_MOST. */
#include "gauss2.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(bool ok, const char *what, double value)
{
    if (ok)
        return;
    fprintf(stderr, "%s: %.17g\n", what, value);
    exit(1);
}

/* FNV-1a of the bits. */
static void hash(uint64_t *h, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        *h = (*h ^ bits) * UINT64_C(0x100000001b3);
    }
}

static double off_in_ulp(double got, long double want)
{
    const double nearest = (double)want;

    return (double)fabsl(got - want) / (nextafter(nearest, INFINITY) - nearest);
}

static void check_exp(struct rng *r, uint64_t *h)
{
    enum { N = 4096 };
    double x[N], y[N];

    for (int round = 0; round < 100; round++) {
        const double widest = round % 2 ? 708 : 2;
        for (size_t i = 0; i < N; i++)
            y[i] = x[i] = -widest * rng_unit(r);
        vec_exp(y, N);
        for (size_t i = 0; i < N; i++)
            require(off_in_ulp(y[i], expl(x[i])) < 2, "exp is more than 2 ulp off at", x[i]);
        hash(h, y, N);
    }
    double edges[8] = {0, -0.0, -INFINITY, -708.0001, -1e300, -708, -5e-324, -1};
    vec_exp(edges, 8);
    require(edges[0] == 1 && edges[1] == 1 && edges[6] == 1, "exp(0)", edges[0]);
    require(edges[2] == 0 && edges[3] == 0 && edges[4] == 0, "exp of far below", edges[3]);
    require(edges[5] > 3e-308, "exp(-708)", edges[5]);
}

static void check_sums(struct rng *r, uint64_t *h)
{
    double x[40], sum = 0, most = -INFINITY;

    for (size_t i = 0; i < 40; i++) {
        x[i] = i < 37 ? -5 * rng_unit(r) : -INFINITY;
        most = fmax(most, x[i]);
        sum += exp(x[i]);
    }
    require(vec_max(x, 40) == most, "max", vec_max(x, 40));
    const double log_sum = vec_normalise_log(x, 40);
    require(fabs(log_sum - log(sum)) < 1e-14, "log-sum-exp", log_sum - log(sum));
    require(fabs(vec_sum(x, 40) - 1) < 1e-15, "sum of weights", vec_sum(x, 40));
    require(x[37] == 0 && x[39] == 0, "weight of -infinity", x[39]);
    hash(h, x, 40);
    hash(h, &log_sum, 1);
}

/* -log(2 pi) - log(det) / 2 - d' inverse d / 2. */
static double log_density(const struct gauss2 *g, struct point p)
{
    const long double det = (long double)g->var_len * g->var_iat - (long double)g->cov * g->cov;
    const long double len = (long double)p.len - g->mean.len,
                      iat = (long double)p.iat - g->mean.iat;
    const long double square =
        (g->var_iat * len * len - 2 * g->cov * len * iat + g->var_len * iat * iat) / det;

    return (double)(-logl(2 * acosl(-1)) - logl(det) / 2 - square / 2);
}

/* A set for points that were not rounded. */
static struct gauss2_set *sharp_set(const struct gauss2 *g, size_t k)
{
    struct blurs sharp = blurs_none();

    (void)blurs_place(&sharp, 0);
    return gauss2_set_new(g, k, &sharp);
}

static void check_densities(struct rng *r, uint64_t *h)
{
    struct gauss2 g[13];
    double d[16];

    for (size_t i = 0; i < 13; i++) {
        const double a = rng_unit(r), b = rng_unit(r) - 0.5, c = rng_unit(r);
        g[i] = (struct gauss2){.mean = {rng_unit(r), 5 * rng_unit(r)},
                               .var_len = a * a + 1e-9,
                               .cov = a * b,
                               .var_iat = b * b + c * c + 1e-9};
        require(gauss2_valid(&g[i]), "a Gaussian was refused", (double)i);
    }
    struct gauss2_set *const s = sharp_set(g, 13);
    for (int k = 0; k < 1000; k++) {
        const struct point p = {rng_unit(r), 5 * rng_unit(r)};
        gauss2_log_densities(s, p, 0, d);
        for (size_t i = 0; i < 13; i++) {
            const double want = log_density(&g[i], p);
            require(fabs(d[i] - want) <= 1e-8 * (1 + fabs(want)), "log density", d[i] - want);
        }
        require(isinf(d[13]) && isinf(d[15]) && d[15] < 0, "density of none", d[13]);
        hash(h, d, 13);
    }
    gauss2_set_free(s);
    const struct gauss2 flat = {.var_len = 1, .cov = 1, .var_iat = 1};
    const struct gauss2 nan = {.mean = {NAN, 0}, .var_len = 1, .var_iat = 1};
    require(!gauss2_valid(&flat) && !gauss2_valid(&nan), "no Gaussian was taken", 0);
}

/* The density of a blurred point is that with the variances added, and what is behind it is the
 * regression of the true point on it: with S the covariance and T the blurred one, S inv(T) d and
 * S - S inv(T) S. */
static void check_blurs(struct rng *r, uint64_t *h)
{
    const struct blurs blurs = {.len = 0.02, .iat = {0, 0.5}, .n = 2};
    const struct gauss2 g = {.mean = {1, 3}, .var_len = 0.04, .cov = -0.015, .var_iat = 0.01};
    struct gauss2_set *const s = gauss2_set_new(&g, 1, &blurs);
    double d[8], len[8], iat[8];

    for (size_t i = 0; i < 1000; i++) {
        const double a = g.var_len + blurs.len, b = g.cov, c = g.var_iat + blurs.iat[i % 2];
        const struct gauss2 blurred = {.mean = g.mean, .var_len = a, .cov = b, .var_iat = c};
        const struct point p = {rng_unit(r), 5 * rng_unit(r)};
        const double x = p.len - 1, y = p.iat - 3, det = a * c - b * b;
        const double u = (c * x - b * y) / det, v = (a * y - b * x) / det;
        struct gauss2_behind behind = {.len = len, .iat = iat};
        gauss2_log_densities(s, p, i % 2, d);
        require(fabs(d[0] - log_density(&blurred, p)) < 1e-8 * (1 + fabs(d[0])), "blurred density",
                d[0] - log_density(&blurred, p));
        gauss2_look_behind(s, p, i % 2, &behind);
        require(fabs(len[0] - (g.var_len * u + g.cov * v)) < 1e-13, "length behind", len[0]);
        require(fabs(iat[0] - (g.cov * u + g.var_iat * v)) < 1e-13, "time behind", iat[0]);
        const double var_len =
            g.var_len - (g.var_len * g.var_len * c - 2 * g.var_len * b * b + b * b * a) / det;
        const double var_iat =
            g.var_iat - (b * b * c - 2 * b * b * g.var_iat + g.var_iat * g.var_iat * a) / det;
        const double cov =
            b -
            (g.var_len * b * c - g.var_len * g.var_iat * b - b * b * b + b * g.var_iat * a) / det;
        require(fabs(behind.var_len[0] - var_len) < 1e-15, "variance of length", var_len);
        require(fabs(behind.var_iat[0] - var_iat) < 1e-15, "variance of time", var_iat);
        require(fabs(behind.cov[0] - cov) < 1e-15, "covariance behind", cov);
        hash(h, iat, 1);
    }
    gauss2_set_free(s);
}

/* A time of 20 ms by a clock of 1 ms lies within 19.5 and 20.5 ms; one of 0 below 0.5 ms. */
static void check_clock(void)
{
    struct blurs b = blurs_of(1000000);
    const double width = log10(20501.0 / 19501), zero = log10(501);
    const uint8_t at = blurs_place(&b, 20000000), none = blurs_place(&b, 0);

    require(b.n == 2 && at == 0 && none == 1, "places", (double)b.n);
    require(fabs(log(b.iat[0] / (width * width / 12))) < 0.18, "blur of 20 ms", b.iat[0]);
    require(fabs(log(b.iat[1] / (zero * zero / 12))) < 0.18, "blur of 0 ms", b.iat[1]);
    require(blurs_place(&b, 20000000) == 0 && b.n == 2, "a place twice", (double)b.n);
    require(fabs(b.len * 12 * 1500 * 1500 - 1) < 1e-12, "blur of lengths", b.len);
    require(b.iat[blurs_place(&b, UINT64_C(1) << 47)] == 0, "blur of a day and a half",
            (double)b.n);
    b = blurs_of((UINT64_C(1) << 48) - 1);
    require(b.iat[blurs_place(&b, 0)] > 9 && b.n == 1, "the slowest clock", b.iat[0]);
    b = blurs_none();
    require(b.iat[blurs_place(&b, 0)] == 0 && b.len == 0, "no clock", b.len);
}

/* All blurs are all, whatever the clock and the time. */
static void check_all_blurs(void)
{
    static const uint64_t clocks[] = {1, 7, 1000, 4096, 1000000, UINT64_C(1) << 47};

    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        struct blurs b = blurs_of(clocks[i]);
        blurs_add_all(&b);
        const size_t all = b.n;
        for (uint64_t iat = 0; iat < UINT64_C(1) << 48; iat += iat / 512 + 1)
            (void)blurs_place(&b, iat);
        require(b.n == all && all < BLUR_MOST, "all blurs", (double)b.n);
    }
}

/* Three points, (1, 2) twice and (3, 6): mean (5/3, 10/3), covariance 8/9 [1 2; 2 4], singular. */
static void check_fit(void)
{
    const struct point origin = {0.5, 0.25};
    const struct point points[3] = {{1, 2}, {3, 6}, {100, 100}};
    const double weights[3][8] = {{2, 0, 1}, {1, 1}, {0, 0, 0}};
    struct gauss2_tally *const t = gauss2_tally_new(3, origin), *const other =
                                                                    gauss2_tally_new(3, origin);
    const struct gauss2 any = {.var_len = 1, .var_iat = 1};
    const struct gauss2 three[3] = {any, any, any};
    struct gauss2_set *const s = sharp_set(three, 3);

    for (int i = 0; i < 2; i++)
        gauss2_tally_add(i ? other : t, s, points[i], 0, 1, weights[i]);
    gauss2_tally_merge(t, other);
    gauss2_tally_add(t, s, points[2], 0, 1, weights[2]);
    const struct gauss2_sums sums = gauss2_tally_of(t, 0);
    const struct gauss2 g = gauss2_fit(&sums, origin, 1e-4);
    require(sums.w == 3, "weight", sums.w);
    require(fabs(g.mean.len - 5.0 / 3) < 1e-15, "mean of len", g.mean.len);
    require(fabs(g.mean.iat - 10.0 / 3) < 1e-15, "mean of iat", g.mean.iat);
    /* The eigenvalue 40/9 along (1, 2) stays, the 0 along (2, -1) becomes the floor. */
    require(fabs(g.var_len - (8.0 / 9 + 0.8e-4)) < 1e-14, "var_len", g.var_len);
    require(fabs(g.cov - (16.0 / 9 - 0.4e-4)) < 1e-14, "cov", g.cov);
    require(fabs(g.var_iat - (32.0 / 9 + 0.2e-4)) < 1e-14, "var_iat", g.var_iat);
    const struct gauss2_sums one = gauss2_tally_of(t, 1);
    const struct gauss2 point = gauss2_fit(&one, origin, GAUSS2_FLOOR);
    require(point.mean.len == 3 && point.mean.iat == 6, "mean of one point", point.mean.len);
    require(point.var_len == GAUSS2_FLOOR && point.cov == 0, "floor", point.var_len);
    require(gauss2_tally_of(t, 2).w == 2 - 1, "weight of the third", gauss2_tally_of(t, 2).w);
    gauss2_tally_clear(t);
    require(gauss2_tally_of(t, 0).w == 0, "cleared", gauss2_tally_of(t, 0).w);
    gauss2_tally_free(t);
    gauss2_tally_free(other);
    gauss2_set_free(s);
}

static void check_draws(struct rng *r, uint64_t *h)
{
    enum { N = 200000 };
    const struct gauss2 g = {.mean = {1, 3}, .var_len = 0.04, .cov = -0.015, .var_iat = 0.01};
    struct gauss2_tally *const t = gauss2_tally_new(1, g.mean);
    const double one[8] = {1};
    struct gauss2_set *const s = sharp_set(&g, 1);

    for (int i = 0; i < N; i++)
        gauss2_tally_add(t, s, gauss2_draw(&g, r), 0, 1, one);
    const struct gauss2_sums sums = gauss2_tally_of(t, 0);
    const struct gauss2 back = gauss2_fit(&sums, g.mean, 0);
    /* 5 standard errors. */
    require(fabs(back.mean.len - 1) < 5 * 0.2 / 447, "mean of drawn len", back.mean.len);
    require(fabs(back.mean.iat - 3) < 5 * 0.1 / 447, "mean of drawn iat", back.mean.iat);
    require(fabs(back.var_len - 0.04) < 5 * 0.04 / 316, "variance of drawn len", back.var_len);
    require(fabs(back.var_iat - 0.01) < 5 * 0.01 / 316, "variance of drawn iat", back.var_iat);
    require(fabs(back.cov + 0.015) < 5 * 0.025 / 447, "covariance of drawn", back.cov);
    hash(h, &sums.len_iat, 1);
    gauss2_tally_free(t);
    gauss2_set_free(s);
}

int main(void)
{
    struct rng r = rng_new(1, 0);
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    check_exp(&r, &h);
    check_sums(&r, &h);
    check_densities(&r, &h);
    check_blurs(&r, &h);
    check_clock();
    check_all_blurs();
    check_fit();
    check_draws(&r, &h);
    printf("%016llx\n", (unsigned long long)h);
    return 0;
}
