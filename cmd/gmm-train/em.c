#include "em.h"

#include "mem.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How covariances are kept from collapsing. Raising eigenvalues to the floor maximises the
 * likelihood under that constraint: no step lowers it. Adding the floor to the variances does
 * nearly that. */
enum guard {
    GUARD_RAISE,
    GUARD_ADD,
};

enum { PART_POINTS = 1024 };

/* A component with fewer packets than this is gone: without it, the likelihood is the same. */
static const double NO_PACKETS = 1e-9;

/* What one part of the points adds up to. */
struct part {
    struct gauss2_tally *tally;
    double log_likelihood;
};

struct em {
    const struct sample *s;
    const struct em_options *o;
    enum guard guard;
    bool pressed; /* a component was near the floor */
    struct gmm_mixture *x;
    struct pool *pool;
    struct gauss2_set *set;
    struct part *parts;
    size_t n_parts;
    double **scratch; /* log densities, then responsibilities; one a thread */
};

static void open_em(struct em *em)
{
    const size_t k = em->x->k;

    em->set = gauss2_set_new(em->x->components, k, &em->s->blurs);
    em->parts = mem_zero(em->n_parts, sizeof *em->parts);
    for (size_t i = 0; i < em->n_parts; i++)
        em->parts[i].tally = gauss2_tally_new(k, em->s->origin);
    em->scratch = mem_zero(pool_threads(em->pool), sizeof *em->scratch);
    for (size_t i = 0; i < pool_threads(em->pool); i++)
        em->scratch[i] = mem_alloc(gauss2_stride(k), sizeof **em->scratch);
}

static void close_em(struct em *em)
{
    gauss2_set_free(em->set);
    for (size_t i = 0; i < em->n_parts; i++)
        gauss2_tally_free(em->parts[i].tally);
    free(em->parts);
    for (size_t i = 0; i < pool_threads(em->pool); i++)
        free(em->scratch[i]);
    free(em->scratch);
}

/* The expectation of one part. */
static void expect_part(void *context, size_t number, unsigned thread)
{
    const struct em *const em = context;
    const struct sample *const s = em->s;
    struct part *const part = &em->parts[number];
    double *const r = em->scratch[thread];
    const size_t first = number * PART_POINTS;
    const size_t end = s->n - first < PART_POINTS ? s->n : first + PART_POINTS;

    gauss2_tally_clear(part->tally);
    part->log_likelihood = 0;
    for (size_t i = first; i < end; i++) {
        const struct point p = sample_point(s, i);
        gauss2_log_densities(em->set, p, s->blur[i], r);
        part->log_likelihood += s->count[i] * vec_normalise_log(r, gauss2_stride(em->x->k));
        gauss2_tally_add(part->tally, em->set, p, s->blur[i], s->count[i], r);
    }
}

/* The expectation: all sums end up in the first part. Nats a packet. */
static double expect(struct em *em)
{
    double total = 0;

    gauss2_set_change(em->set, em->x->components);
    gauss2_set_weigh(em->set, em->x->weights);
    pool_run(em->pool, em->n_parts, expect_part, em);
    for (size_t i = 0; i < em->n_parts; i++) {
        total += em->parts[i].log_likelihood;
        if (i > 0)
            gauss2_tally_merge(em->parts[0].tally, em->parts[i].tally);
    }
    return total / em->s->packets;
}

/* How far rounding may lower the likelihood, nats a packet. Three doubles hold the least eigenvalue
 * of a covariance to a part in the ratio of both, times epsilon. */
static double rounding(const struct em *em)
{
    static const double usual = 1e-7;
    double ratio = 0;

    for (size_t i = 0; i < em->x->k; i++) {
        const struct gauss2 *const g = &em->x->components[i];
        const double trace = g->var_len + g->var_iat;
        const double det = g->var_len * g->var_iat - g->cov * g->cov;
        ratio += em->x->weights[i] * trace * trace / fmax(det, trace * em->o->floor / 2);
    }
    return usual + 8 * DBL_EPSILON * ratio;
}

/* Whether the least eigenvalue is about the floor: for a small one, it is determinant by trace. */
static bool is_pressed(const struct gauss2 *g, double floor)
{
    const double near = 10 * floor, det = g->var_len * g->var_iat - g->cov * g->cov;

    return det < near * (g->var_len + g->var_iat);
}

static struct gauss2 fit_component(const struct em *em, const struct gauss2_sums *sums)
{
    const double floor = em->o->floor;

    if (em->guard == GUARD_RAISE)
        return gauss2_fit(sums, em->s->origin, floor);
    struct gauss2 g = gauss2_fit(sums, em->s->origin, 0);
    g.var_len += floor;
    g.var_iat += floor;
    return g;
}

/* The maximisation, of the components that still have packets. */
static void maximise(struct em *em)
{
    struct gmm_mixture *const x = em->x;
    double packets = 0;
    size_t k = 0;

    for (size_t i = 0; i < x->k; i++) {
        const struct gauss2_sums sums = gauss2_tally_of(em->parts[0].tally, i);
        if (sums.w <= NO_PACKETS)
            continue;
        x->components[k] = fit_component(em, &sums);
        em->pressed = em->pressed || is_pressed(&x->components[k], em->o->floor);
        x->weights[k++] = sums.w;
        packets += sums.w;
    }
    x->k = k;
    for (size_t i = 0; i < k; i++)
        x->weights[i] /= packets;
}

/* One step; false where it lowered the likelihood. */
static bool step(struct em *em, struct em_fall *fall)
{
    struct gmm_mixture *const x = em->x;
    const double before = x->log_likelihood;
    const size_t k = x->k;

    maximise(em);
    if (x->k < k) {
        close_em(em);
        open_em(em);
    }
    x->iterations++;
    x->log_likelihood = expect(em);
    if (!(x->log_likelihood >= before - rounding(em))) {
        *fall = (struct em_fall){x->iterations, before, x->log_likelihood};
        return false;
    }
    if (x->log_likelihood - before < em->o->tolerance)
        x->exit = EM_CONVERGED;
    return true;
}

/* Steps until the fit converges or has no iterations left. False with *fall. */
static bool climb(struct em *em, struct em_fall *fall)
{
    struct gmm_mixture *const x = em->x;
    bool ok = true;

    open_em(em);
    *fall = (struct em_fall){0};
    x->log_likelihood = expect(em);
    x->exit = EM_MAX_ITERATIONS;
    while (ok && x->exit != EM_CONVERGED && x->iterations < em->o->max_iterations)
        ok = step(em, fall);
    close_em(em);
    return ok;
}

static struct gmm_mixture copy_of(const struct gmm_mixture *x)
{
    struct gmm_mixture copy = *x;

    copy.weights = mem_alloc(x->k, sizeof *copy.weights);
    copy.components = mem_alloc(x->k, sizeof *copy.components);
    memcpy(copy.weights, x->weights, x->k * sizeof *copy.weights);
    memcpy(copy.components, x->components, x->k * sizeof *copy.components);
    return copy;
}

static void exchange(struct gmm_mixture *a, struct gmm_mixture *b)
{
    const struct gmm_mixture c = *a;

    *a = *b;
    *b = c;
}

bool em_fit(const struct sample *s, const struct em_options *o, struct pool *pool,
            struct gmm_mixture *x, struct em_fall *fall)
{
    struct gmm_mixture other = copy_of(x);
    struct em em = {.s = s, .o = o, .guard = GUARD_RAISE, .x = x, .pool = pool};

    em.n_parts = (s->n + PART_POINTS - 1) / PART_POINTS;
    bool ok = climb(&em, fall);
    if (ok && em.pressed) {
        em.x = &other;
        em.guard = GUARD_ADD;
        (void)climb(&em, fall); /* a step that falls just ends it */
        em.guard = GUARD_RAISE;
        ok = climb(&em, fall);
        if (ok && other.log_likelihood > x->log_likelihood)
            exchange(x, &other);
    }
    free(other.weights);
    free(other.components);
    return ok;
}

double em_log_likelihood(const struct sample *s, const struct gmm_mixture *x)
{
    struct gauss2_set *const set = gmm_set_new(x, &s->blurs);
    const size_t stride = gauss2_stride(x->k);
    double *const r = mem_alloc(stride, sizeof *r);
    double total = 0;

    for (size_t i = 0; i < s->n; i++) {
        gauss2_log_densities(set, sample_point(s, i), s->blur[i], r);
        total += s->count[i] * vec_normalise_log(r, stride);
    }
    gauss2_set_free(set);
    free(r);
    return total / s->packets;
}
