#include "cloud.h"

#include "clusters.h"
#include "eigen.h"
#include "mem.h"
#include "vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LOG_2_PI = 0x1.d67f1c864beb5p0;

/* A component in its own array: the mean, and the eigenvalues and eigenvectors (rows) of the
 * covariance. */
static size_t component_numbers(size_t dims)
{
    return dims * (2 + dims);
}

static const double *values_of(const double *component, size_t dims)
{
    return component + dims;
}

static const double *vectors_of(const double *component, size_t dims)
{
    return component + 2 * dims;
}

/* Squared: by the mean, along each eigenvector, in its standard deviations. */
static double distance(const double *component, const double *x, size_t dims)
{
    const double *const values = values_of(component, dims);
    const double *vector = vectors_of(component, dims);
    double sum = 0;

    for (size_t i = 0; i < dims; i++, vector += dims) {
        double along = 0;
        for (size_t j = 0; j < dims; j++)
            along += vector[j] * (x[j] - component[j]);
        sum += along * along / values[i];
    }
    return sum;
}

/* Components, which stand elsewhere, and the log density of each at its mean. */
struct set {
    size_t k, dims;
    const double *components;
    double *base;
};

static void *set_new(const void *points, const void *components, size_t k)
{
    const struct cloud *const c = points;
    struct set *const s = mem_zero(1, sizeof *s);

    *s = (struct set){k, c->dims, components, mem_zero(k, sizeof *s->base)};
    return s;
}

static void set_free(void *set)
{
    struct set *const s = set;

    free(s->base);
    free(s);
}

static void set_change(void *set, const void *components, const double *weights)
{
    struct set *const s = set;

    s->components = components;
    for (size_t i = 0; i < s->k; i++) {
        const double *const values =
            values_of(s->components + i * component_numbers(s->dims), s->dims);
        double log_det = 0;
        for (size_t j = 0; j < s->dims; j++)
            log_det += log(values[j]);
        s->base[i] = log(weights[i]) - 0.5 * ((double)s->dims * LOG_2_PI + log_det);
    }
}

/* Of each component the sum of weights, of weighted points, of the lower triangle of their
 * products.
 */
struct tally {
    size_t k, dims, each;
    double *sums;
};

static void *tally_new(const void *points, size_t k)
{
    const struct cloud *const c = points;
    struct tally *const t = mem_zero(1, sizeof *t);

    *t = (struct tally){k, c->dims, 1 + c->dims + c->dims * (c->dims + 1) / 2, NULL};
    t->sums = mem_zero(k * t->each, sizeof *t->sums);
    return t;
}

static void tally_free(void *tally)
{
    struct tally *const t = tally;

    free(t->sums);
    free(t);
}

static void tally_clear(void *tally)
{
    struct tally *const t = tally;

    memset(t->sums, 0, t->k * t->each * sizeof *t->sums);
}

static void tally_merge(void *tally, const void *other)
{
    struct tally *const t = tally;
    const struct tally *const o = other;

    for (size_t i = 0; i < t->k * t->each; i++)
        t->sums[i] += o->sums[i];
}

static double tally_weight(const void *tally, size_t i)
{
    const struct tally *const t = tally;

    return t->sums[i * t->each];
}

static void tally_add(struct tally *t, size_t i, double weight, const double *x)
{
    double *to = t->sums + i * t->each;

    *to++ += weight;
    for (size_t j = 0; j < t->dims; j++)
        *to++ += weight * x[j];
    for (size_t j = 0; j < t->dims; j++)
        for (size_t l = 0; l <= j; l++)
            *to++ += weight * x[j] * x[l];
}

/* The responsibilities for a point, and its log-likelihood. */
static double share(const struct set *s, const double *x, double *r)
{
    const size_t stride = vec_stride(s->k);

    for (size_t i = 0; i < s->k; i++)
        r[i] =
            s->base[i] - 0.5 * distance(s->components + i * component_numbers(s->dims), x, s->dims);
    for (size_t i = s->k; i < stride; i++)
        r[i] = -INFINITY;
    return vec_normalise_log(r, stride);
}

static double expect(const void *points, size_t first, size_t end, const void *set, void *tally,
                     size_t k, double *r)
{
    const struct cloud *const c = points;
    double total = 0;

    for (size_t i = first; i < end; i++) {
        const double *const x = c->rows + i * c->dims;
        total += share(set, x, r);
        for (size_t j = 0; tally && j < k; j++)
            tally_add(tally, j, r[j], x);
    }
    return total;
}

/* The covariance of these sums around the mean. */
static double *covariance_of(const double *sums, const double *mean, size_t dims)
{
    double *const covariance = mem_alloc(dims * dims, sizeof *covariance);
    const double *product = sums + 1 + dims;

    for (size_t j = 0; j < dims; j++)
        for (size_t l = 0; l <= j; l++)
            covariance[j * dims + l] = covariance[l * dims + j] =
                *product++ / sums[0] - mean[j] * mean[l];
    return covariance;
}

/* The mean variance, in all directions. */
static void make_round(const double *covariance, size_t dims, double *values, double *vectors)
{
    double trace = 0;

    memset(vectors, 0, dims * dims * sizeof *vectors);
    for (size_t j = 0; j < dims; j++) {
        trace += covariance[j * dims + j];
        vectors[j * dims + j] = 1;
    }
    for (size_t j = 0; j < dims; j++)
        values[j] = trace / (double)dims;
}

static void fit(const void *points, const void *tally, size_t i, double floor, enum em_guard guard,
                void *component)
{
    const struct cloud *const c = points;
    const struct tally *const t = tally;
    const size_t dims = c->dims;
    const double *const sums = t->sums + i * t->each;
    double *const mean = component, *const values = mean + dims, *const vectors = values + dims;

    for (size_t j = 0; j < dims; j++)
        mean[j] = sums[1 + j] / sums[0];
    double *const covariance = covariance_of(sums, mean, dims);
    if (c->round)
        make_round(covariance, dims, values, vectors);
    else
        eigen_symmetric(covariance, dims, values, vectors);
    for (size_t j = 0; j < dims; j++)
        values[j] = guard == EM_RAISE ? fmax(values[j], floor) : fmax(values[j], 0) + floor;
    free(covariance);
}

static bool is_pressed(const void *points, const void *component, double floor)
{
    const struct cloud *const c = points;

    return values_of(component, c->dims)[c->dims - 1] < 10 * floor;
}

static double condition(const void *points, const void *component, double floor)
{
    const struct cloud *const c = points;
    const double *const values = values_of(component, c->dims);

    return values[0] / fmax(values[c->dims - 1], floor);
}

/* The Gaussians of clusters. */
static void start(const void *points, size_t k, double floor, uint64_t number, struct rng *rng,
                  struct em_mixture *x)
{
    const struct cloud *const c = points;
    uint32_t *const cluster = mem_alloc(c->n, sizeof *cluster);

    (void)number;
    x->k = clusters_find(c->rows, c->n, c->dims, k, rng, cluster);
    struct tally *const t = tally_new(c, x->k);
    for (size_t i = 0; i < c->n; i++)
        tally_add(t, cluster[i], 1, c->rows + i * c->dims);
    x->weights = mem_alloc(x->k, sizeof *x->weights);
    double *const components = mem_alloc(x->k * component_numbers(c->dims), sizeof *components);
    for (size_t i = 0; i < x->k; i++) {
        x->weights[i] = tally_weight(t, i) / (double)c->n;
        fit(c, t, i, floor, EM_RAISE, components + i * component_numbers(c->dims));
    }
    x->components = components;
    tally_free(t);
    free(cluster);
}

struct em_data cloud_data(const struct cloud *c)
{
    static const struct em_kind kind = {
        .set_new = set_new,
        .set_free = set_free,
        .set_change = set_change,
        .tally_new = tally_new,
        .tally_free = tally_free,
        .tally_clear = tally_clear,
        .tally_merge = tally_merge,
        .tally_weight = tally_weight,
        .expect = expect,
        .fit = fit,
        .is_pressed = is_pressed,
        .condition = condition,
        .start = start,
    };

    const size_t spread = c->round ? 1 : c->dims * (c->dims + 1) / 2;

    /* Of a component: weight, mean, covariance. */
    return (struct em_data){.kind = &kind,
                            .points = c,
                            .n = c->n,
                            .weight = (double)c->n,
                            .component_size = component_numbers(c->dims) * sizeof(double),
                            .parameters = (double)(1 + c->dims + spread)};
}

double cloud_distance(const struct cloud *c, const struct em_mixture *x, size_t i, size_t point)
{
    const double *const components = x->components;

    return distance(components + i * component_numbers(c->dims), c->rows + point * c->dims,
                    c->dims);
}

void cloud_assign(const struct cloud *c, const struct em_mixture *x, uint32_t *component)
{
    struct set *const s = set_new(c, x->components, x->k);
    double *const r = mem_alloc(vec_stride(x->k), sizeof *r);

    set_change(s, x->components, x->weights);
    for (size_t i = 0; i < c->n; i++) {
        size_t best = 0;
        (void)share(s, c->rows + i * c->dims, r);
        for (size_t j = 1; j < x->k; j++)
            if (r[j] > r[best])
                best = j;
        component[i] = (uint32_t)best;
    }
    set_free(s);
    free(r);
}
