#include "plane.h"

#include "gauss2.h"
#include "start.h"

#include <math.h>

static void *set_new(const void *points, const void *components, size_t k)
{
    const struct sample *const s = points;

    return gauss2_set_new(components, k, &s->blurs);
}

static void set_free(void *set)
{
    gauss2_set_free(set);
}

static void set_change(void *set, const void *components, const double *weights)
{
    gauss2_set_change(set, components);
    gauss2_set_weigh(set, weights);
}

static void *tally_new(const void *points, size_t k)
{
    const struct sample *const s = points;

    return gauss2_tally_new(k, s->origin);
}

static void tally_free(void *tally)
{
    gauss2_tally_free(tally);
}

static void tally_clear(void *tally)
{
    gauss2_tally_clear(tally);
}

static void tally_merge(void *tally, const void *other)
{
    gauss2_tally_merge(tally, other);
}

static double tally_weight(const void *tally, size_t i)
{
    return gauss2_tally_of(tally, i).w;
}

static double expect(const void *points, size_t first, size_t end, const void *set, void *tally,
                     size_t k, double *r)
{
    const struct sample *const s = points;
    const size_t stride = gauss2_stride(k);
    double total = 0;

    for (size_t i = first; i < end; i++) {
        const struct point p = sample_point(s, i);
        gauss2_log_densities(set, p, s->blur[i], r);
        total += s->count[i] * vec_normalise_log(r, stride);
        if (tally)
            gauss2_tally_add(tally, set, p, s->blur[i], s->count[i], r);
    }
    return total;
}

static void fit(const void *points, const void *tally, size_t i, double floor, enum em_guard guard,
                void *component)
{
    const struct sample *const s = points;
    const struct gauss2_sums sums = gauss2_tally_of(tally, i);
    struct gauss2 *const g = component;

    *g = gauss2_fit(&sums, s->origin, guard == EM_RAISE ? floor : 0);
    if (guard == EM_RAISE)
        return;
    g->var_len += floor;
    g->var_iat += floor;
}

/* Whether the least eigenvalue is about the floor: for a small one, it is determinant by trace. */
static bool is_pressed(const void *points, const void *component, double floor)
{
    const struct gauss2 *const g = component;
    const double near = 10 * floor, det = g->var_len * g->var_iat - g->cov * g->cov;

    (void)points;
    return det < near * (g->var_len + g->var_iat);
}

static double condition(const void *points, const void *component, double floor)
{
    const struct gauss2 *const g = component;
    const double trace = g->var_len + g->var_iat;
    const double det = g->var_len * g->var_iat - g->cov * g->cov;

    (void)points;
    return trace * trace / fmax(det, trace * floor / 2);
}

/* Where a series has few sizes, of many times each, clusters ought to part sizes; where it has
 * whole milliseconds, times. So starts take turns. */
static void start(const void *points, size_t k, double floor, uint64_t number, struct rng *rng,
                  struct em_mixture *x)
{
    static const double stretches[] = {1, 8, 64};

    start_mixture(points, k, floor, stretches[number % (sizeof stretches / sizeof *stretches)], rng,
                  x);
}

struct em_data plane_data(const struct sample *s)
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

    /* Of a component: weight, two means, three numbers of the covariance. */
    return (struct em_data){.kind = &kind,
                            .points = s,
                            .n = s->n,
                            .weight = s->packets,
                            .component_size = sizeof(struct gauss2),
                            .parameters = 6};
}
