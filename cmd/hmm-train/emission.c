#include "emission.h"

#include "emission_parts.h"
#include "kernels.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The least probability of a direction in a joint chain: no packet is impossible. */
static const double least_direction = 1e-9;

struct emission {
    struct emission_kind kind;
    size_t k, stride;
    struct plane *plane; /* one of the two */
    struct sizes *sizes;
    double *forward;          /* of each state; joint chains only */
    double *log_direction[2]; /* stride: going backward, forward */
    double *direction_sum[2];
};

struct emission *emission_new(const struct emission_kind *kind, const struct observed *o, size_t k)
{
    struct emission *const em = mem_zero(1, sizeof *em);

    em->kind = *kind;
    em->k = k;
    em->stride = gauss2_stride(k);
    if (kind->emission == HMM_GAUSSIAN)
        em->plane = plane_new(o, k, em->stride, kind->floor);
    else
        em->sizes = sizes_new(o, k, em->stride, kind->times, kind->floor);
    em->forward = mem_zero(em->stride, sizeof(double));
    for (size_t d = 0; d < 2; d++) {
        em->log_direction[d] = mem_zero(em->stride, sizeof(double));
        em->direction_sum[d] = mem_zero(em->stride, sizeof(double));
    }
    return em;
}

void emission_free(struct emission *em)
{
    if (!em)
        return;
    plane_free(em->plane);
    sizes_free(em->sizes);
    free(em->forward);
    for (size_t d = 0; d < 2; d++) {
        free(em->log_direction[d]);
        free(em->direction_sum[d]);
    }
    free(em);
}

size_t emission_stride(const struct emission *em)
{
    return em->stride;
}

size_t emission_times_of(const struct hmm *m)
{
    size_t most = 1;

    for (size_t c = 0; c < m->n_chains; c++)
        for (size_t i = 0; i < m->chains[c].k; i++)
            if (m->chains[c].states[i].n_times > most)
                most = m->chains[c].states[i].n_times;
    return most;
}

static double inside(double p)
{
    if (!(p > least_direction))
        return least_direction;
    return p < 1 - least_direction ? p : 1 - least_direction;
}

void emission_set(struct emission *em, size_t state, const struct hmm_state *from)
{
    em->forward[state] = inside(from->forward);
    if (em->plane)
        plane_set(em->plane, state, &from->gauss);
    else
        sizes_set(em->sizes, state, from);
}

void emission_get(const struct emission *em, size_t state, struct hmm_state *to)
{
    to->forward = em->kind.joint ? em->forward[state] : 0;
    if (em->plane)
        to->gauss = plane_get(em->plane, state);
    else
        sizes_get(em->sizes, state, to);
}

void emission_prepare(struct emission *em)
{
    if (em->plane)
        plane_prepare(em->plane);
    else
        sizes_prepare(em->sizes);
    for (size_t i = 0; i < em->k; i++) {
        em->log_direction[SERIES_FORWARD][i] = log(em->forward[i]);
        em->log_direction[SERIES_BACKWARD][i] = log1p(-em->forward[i]);
    }
}

void emission_open_up(struct emission *em)
{
    if (em->sizes)
        sizes_open_up(em->sizes);
    emission_prepare(em);
}

void emission_log_densities(const struct emission *em, const struct packet *p, double *log_density)
{
    if (em->plane)
        plane_log_densities(em->plane, p, log_density);
    else
        sizes_log_densities(em->sizes, p, log_density);
    if (!em->kind.joint)
        return;
    const double *const direction = em->log_direction[p->forward];
    for (size_t i = 0; i < em->k; i++)
        log_density[i] += direction[i];
}

void emission_begin(struct emission *em)
{
    if (em->plane)
        plane_begin(em->plane);
    else
        sizes_begin(em->sizes);
    for (size_t d = 0; d < 2; d++)
        memset(em->direction_sum[d], 0, em->stride * sizeof(double));
}

void emission_add(struct emission *em, const struct packet *p, const double *weights)
{
    if (em->plane)
        plane_add(em->plane, p, weights);
    else
        sizes_add(em->sizes, p, weights);
    if (em->kind.joint)
        kernel_add(em->direction_sum[p->forward], weights, em->stride);
}

void emission_maximise(struct emission *em)
{
    if (em->plane)
        plane_maximise(em->plane);
    else
        sizes_maximise(em->sizes);
    for (size_t i = 0; em->kind.joint && i < em->k; i++) {
        const double forward = em->direction_sum[SERIES_FORWARD][i];
        const double sum = forward + em->direction_sum[SERIES_BACKWARD][i];
        if (sum > EMISSION_NO_WEIGHT)
            em->forward[i] = inside(forward / sum);
    }
    emission_prepare(em);
}

double emission_parameters(const struct emission *em)
{
    const double k = (double)em->k;
    const double own = em->plane ? 5 * k : sizes_parameters(em->sizes);

    return own + (em->kind.joint ? k : 0);
}
