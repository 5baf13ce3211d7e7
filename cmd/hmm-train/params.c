#include "params.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct params *params_new(const struct emission_kind *kind, const struct observed *o,
                          const struct hmm_chain *from)
{
    struct params *const p = mem_zero(1, sizeof *p);

    p->k = from->k;
    p->emission = emission_new(kind, o, p->k);
    p->kp = emission_stride(p->emission);
    p->start = mem_zero(p->kp, sizeof *p->start);
    p->to = mem_zero(p->k * p->kp, sizeof *p->to);
    for (size_t i = 0; i < p->k; i++) {
        p->start[i] = from->states[i].start;
        memcpy(p->to + i * p->kp, from->to + i * p->k, p->k * sizeof *p->to);
        emission_set(p->emission, i, &from->states[i]);
    }
    emission_prepare(p->emission);
    return p;
}

void params_free(struct params *p)
{
    if (!p)
        return;
    emission_free(p->emission);
    free(p->start);
    free(p->to);
    free(p);
}

void params_get(const struct params *p, struct hmm_chain *to)
{
    to->k = p->k;
    to->states = mem_zero(p->k, sizeof *to->states);
    to->to = mem_zero(p->k * p->k, sizeof *to->to);
    for (size_t i = 0; i < p->k; i++) {
        to->states[i].start = p->start[i];
        memcpy(to->to + i * p->k, p->to + i * p->kp, p->k * sizeof *p->to);
        emission_get(p->emission, i, &to->states[i]);
    }
}

/* Of a distribution over n: how many it has, less the one that the others leave no choice. */
static double free_ones(const double *p, size_t n)
{
    double there = 0;

    for (size_t i = 0; i < n; i++)
        there += p[i] > EMISSION_THERE;
    return there > 1 ? there - 1 : 0;
}

double params_count(const struct params *p)
{
    double n = free_ones(p->start, p->k);

    for (size_t i = 0; i < p->k; i++)
        n += free_ones(p->to + i * p->kp, p->k);
    return n + emission_parameters(p->emission);
}
