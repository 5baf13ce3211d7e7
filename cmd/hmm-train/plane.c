#include "emission_parts.h"
#include "kernels.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUMS = 6 };

struct plane {
    const struct observed *o;
    size_t k, stride;
    double floor;
    struct gauss2 *g;
    struct gauss2_set *set;
    double *sums;                /* SUMS * stride, about the means */
    struct gauss2_behind behind; /* scratch */
};

struct plane *plane_new(const struct observed *o, size_t k, size_t stride, double floor)
{
    struct plane *const g = mem_zero(1, sizeof *g);

    g->o = o;
    g->k = k;
    g->stride = stride;
    g->floor = floor;
    g->g = mem_zero(k, sizeof *g->g);
    g->sums = mem_zero(SUMS * stride, sizeof(double));
    g->behind.len = mem_zero(stride, sizeof(double));
    g->behind.iat = mem_zero(stride, sizeof(double));
    return g;
}

void plane_free(struct plane *g)
{
    if (!g)
        return;
    gauss2_set_free(g->set);
    free(g->g);
    free(g->sums);
    free(g->behind.len);
    free(g->behind.iat);
    free(g);
}

static bool above(const struct gauss2 *g, double floor)
{
    static const double rounding = 1e-6;
    const double half = (g->var_len - g->var_iat) / 2;
    const double least = (g->var_len + g->var_iat) / 2 - sqrt(half * half + g->cov * g->cov);

    return least >= floor * (1 - rounding);
}

/* One that is at or above the floor comes through unchanged. */
void plane_set(struct plane *g, size_t state, const struct gauss2 *from)
{
    const struct gauss2_sums sums = {
        .w = 1, .len_len = from->var_len, .len_iat = from->cov, .iat_iat = from->var_iat};

    g->g[state] = above(from, g->floor) ? *from : gauss2_fit(&sums, from->mean, g->floor);
}

struct gauss2 plane_get(const struct plane *g, size_t state)
{
    return g->g[state];
}

void plane_prepare(struct plane *g)
{
    gauss2_set_free(g->set);
    g->set = gauss2_set_new(g->g, g->k, &g->o->blurs);
}

void plane_log_densities(const struct plane *g, const struct packet *p, double *log_density)
{
    gauss2_log_densities(g->set, p->p, p->blur, log_density);
}

void plane_begin(struct plane *g)
{
    memset(g->sums, 0, SUMS * g->stride * sizeof(double));
}

void plane_add(struct plane *g, const struct packet *p, const double *weights)
{
    gauss2_look_behind(g->set, p->p, p->blur, &g->behind);
    const struct gauss2_behind *const b = &g->behind;
    kernel_moments(g->sums, weights, b->len, b->iat, g->stride);
    kernel_spread(g->sums, weights, b->var_len, b->cov, b->var_iat, g->stride);
}

void plane_maximise(struct plane *g)
{
    const double *const s = g->sums;
    const size_t n = g->stride;

    for (size_t i = 0; i < g->k; i++) {
        const struct gauss2_sums sums = {.w = s[i],
                                         .len = s[n + i],
                                         .iat = s[2 * n + i],
                                         .len_len = s[3 * n + i],
                                         .len_iat = s[4 * n + i],
                                         .iat_iat = s[5 * n + i]};
        if (sums.w > EMISSION_NO_WEIGHT)
            g->g[i] = gauss2_fit(&sums, g->g[i].mean, g->floor);
    }
}
