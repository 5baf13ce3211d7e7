#include "em.h"

#include "mem.h"
#include "vec.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PART_POINTS = 1024 };

/* A component whose points count less than this is gone: without it, the likelihood is the same. */
static const double NO_POINTS = 1e-9;

/* What one part of the points adds up to. */
struct part {
    void *tally;
    double log_likelihood;
};

struct em {
    const struct em_data *data;
    const struct em_kind *kind;
    const struct em_options *o;
    enum em_guard guard;
    bool pressed; /* a component was near the floor */
    struct em_mixture *x;
    struct pool *pool;
    void *set;
    struct part *parts;
    size_t n_parts;
    double **scratch; /* log densities, then responsibilities; one a thread */
};

void em_mixture_clear(struct em_mixture *x)
{
    free(x->weights);
    free(x->components);
    *x = (struct em_mixture){0};
}

static void *component_of(const struct em_data *data, const struct em_mixture *x, size_t i)
{
    return (char *)x->components + i * data->component_size;
}

static void open_em(struct em *em)
{
    const size_t k = em->x->k;

    em->set = em->kind->set_new(em->data->points, em->x->components, k);
    em->parts = mem_zero(em->n_parts, sizeof *em->parts);
    for (size_t i = 0; i < em->n_parts; i++)
        em->parts[i].tally = em->kind->tally_new(em->data->points, k);
    em->scratch = mem_zero(pool_threads(em->pool), sizeof *em->scratch);
    for (size_t i = 0; i < pool_threads(em->pool); i++)
        em->scratch[i] = mem_alloc(vec_stride(k), sizeof **em->scratch);
}

static void close_em(struct em *em)
{
    em->kind->set_free(em->set);
    for (size_t i = 0; i < em->n_parts; i++)
        em->kind->tally_free(em->parts[i].tally);
    free(em->parts);
    for (size_t i = 0; i < pool_threads(em->pool); i++)
        free(em->scratch[i]);
    free(em->scratch);
}

/* The expectation of one part. */
static void expect_part(void *context, size_t number, unsigned thread)
{
    const struct em *const em = context;
    struct part *const part = &em->parts[number];
    const size_t first = number * PART_POINTS, n = em->data->n;
    const size_t end = n - first < PART_POINTS ? n : first + PART_POINTS;

    em->kind->tally_clear(part->tally);
    part->log_likelihood = em->kind->expect(em->data->points, first, end, em->set, part->tally,
                                            em->x->k, em->scratch[thread]);
}

/* The expectation: all sums end up in the first part. Nats a point. */
static double expect(struct em *em)
{
    double total = 0;

    em->kind->set_change(em->set, em->x->components, em->x->weights);
    pool_run(em->pool, em->n_parts, expect_part, em);
    for (size_t i = 0; i < em->n_parts; i++) {
        total += em->parts[i].log_likelihood;
        if (i > 0)
            em->kind->tally_merge(em->parts[0].tally, em->parts[i].tally);
    }
    return total / em->data->weight;
}

/* How far rounding may lower the likelihood, nats a point. Doubles hold the least eigenvalue of a
 * covariance to a part in the ratio of the greatest and it, times epsilon. */
static double rounding(const struct em *em)
{
    static const double usual = 1e-7;
    double ratio = 0;

    for (size_t i = 0; i < em->x->k; i++)
        ratio +=
            em->x->weights[i] *
            em->kind->condition(em->data->points, component_of(em->data, em->x, i), em->o->floor);
    return usual + 8 * DBL_EPSILON * ratio;
}

/* The maximisation, of the components that still have points. */
static void maximise(struct em *em)
{
    struct em_mixture *const x = em->x;
    const struct em_data *const data = em->data;
    const double floor = em->o->floor;
    const void *const tally = em->parts[0].tally;
    double all = 0;
    size_t k = 0;

    for (size_t i = 0; i < x->k; i++) {
        const double weight = em->kind->tally_weight(tally, i);
        if (weight <= NO_POINTS)
            continue;
        void *const component = component_of(data, x, k);
        em->kind->fit(data->points, tally, i, floor, em->guard, component);
        em->pressed = em->pressed || em->kind->is_pressed(data->points, component, floor);
        x->weights[k++] = weight;
        all += weight;
    }
    x->k = k;
    for (size_t i = 0; i < k; i++)
        x->weights[i] /= all;
}

/* One step; false where it lowered the likelihood. */
static bool step(struct em *em, struct em_fall *fall)
{
    struct em_mixture *const x = em->x;
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
    struct em_mixture *const x = em->x;
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

static struct em_mixture copy_of(const struct em_data *data, const struct em_mixture *x)
{
    struct em_mixture copy = *x;

    copy.weights = mem_alloc(x->k, sizeof *copy.weights);
    copy.components = mem_alloc(x->k, data->component_size);
    memcpy(copy.weights, x->weights, x->k * sizeof *copy.weights);
    memcpy(copy.components, x->components, x->k * data->component_size);
    return copy;
}

static void exchange(struct em_mixture *a, struct em_mixture *b)
{
    const struct em_mixture c = *a;

    *a = *b;
    *b = c;
}

bool em_fit(const struct em_data *data, const struct em_options *o, struct pool *pool,
            struct em_mixture *x, struct em_fall *fall)
{
    struct em_mixture other = copy_of(data, x);
    struct em em = {
        .data = data, .kind = data->kind, .o = o, .guard = EM_RAISE, .x = x, .pool = pool};

    em.n_parts = (data->n + PART_POINTS - 1) / PART_POINTS;
    bool ok = climb(&em, fall);
    if (ok && em.pressed) {
        em.x = &other;
        em.guard = EM_ADD;
        (void)climb(&em, fall); /* a step that falls just ends it */
        em.guard = EM_RAISE;
        ok = climb(&em, fall);
        if (ok && other.log_likelihood > x->log_likelihood)
            exchange(x, &other);
    }
    em_mixture_clear(&other);
    return ok;
}

double em_log_likelihood(const struct em_data *data, const struct em_mixture *x)
{
    void *const set = data->kind->set_new(data->points, x->components, x->k);
    double *const r = mem_alloc(vec_stride(x->k), sizeof *r);

    data->kind->set_change(set, x->components, x->weights);
    const double total = data->kind->expect(data->points, 0, data->n, set, NULL, x->k, r);
    data->kind->set_free(set);
    free(r);
    return total / data->weight;
}

/* Those of the components; their weights sum to 1. */
static double parameters(const struct em_data *data, const struct em_mixture *x)
{
    return data->parameters * (double)x->k - 1;
}

double em_bic(const struct em_data *data, const struct em_mixture *x)
{
    return parameters(data, x) * log(data->weight) - 2 * data->weight * x->log_likelihood;
}

double em_aic(const struct em_data *data, const struct em_mixture *x)
{
    return parameters(data, x) * 2 - 2 * data->weight * x->log_likelihood;
}
