#include "emission_parts.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lengths of a state that no packet here has, ascending. */
struct elsewhere {
    struct hmm_length *lengths;
    size_t n, cap;
};

/* Component m of state i stands at [m * stride + i], where each blur has a table of its own at that
 * of blur b at [(b * m + m') * stride + i]; length l of state i at [l * stride + i]. */
struct sizes {
    const struct observed *o;
    size_t k, stride, m;
    double floor;
    double *p, *log_p, *p_sum;           /* lengths; log_p has what all lengths get alike, too */
    struct elsewhere *elsewhere;         /* of each state */
    double *weight, *mean, *var;         /* times */
    double *log_weight, *half_precision; /* for each blur: log(weight / sqrt(2 pi v)), 1 / (2 v) */
    double *pull;                        /* and the blur's share of that v */
    double *w_sum, *x_sum, *xx_sum;      /* about the means */
    double *part, *most, *total;         /* scratch: m * stride, stride, stride */
};

static const double any_length = EMISSION_ANY_LENGTH / (SERIES_MAX_LEN + 1);

static void make_room(struct sizes *z)
{
    double **const by_length[] = {&z->p, &z->log_p, &z->p_sum};
    double **const by_time[] = {&z->weight, &z->mean,   &z->var, &z->w_sum,
                                &z->x_sum,  &z->xx_sum, &z->part};
    double **const by_blur[] = {&z->log_weight, &z->half_precision, &z->pull};

    for (size_t i = 0; i < sizeof by_length / sizeof *by_length; i++)
        *by_length[i] = mem_zero(z->o->n_lengths * z->stride, sizeof(double));
    for (size_t i = 0; i < sizeof by_time / sizeof *by_time; i++)
        *by_time[i] = mem_zero(z->m * z->stride, sizeof(double));
    for (size_t i = 0; i < sizeof by_blur / sizeof *by_blur; i++)
        *by_blur[i] = mem_zero(z->o->blurs.n * z->m * z->stride, sizeof(double));
    z->most = mem_zero(z->stride, sizeof(double));
    z->total = mem_zero(z->stride, sizeof(double));
}

struct sizes *sizes_new(const struct observed *o, size_t k, size_t stride, size_t times,
                        double floor)
{
    struct sizes *const z = mem_zero(1, sizeof *z);

    z->o = o;
    z->k = k;
    z->stride = stride;
    z->m = times;
    z->floor = floor;
    z->elsewhere = mem_zero(k, sizeof *z->elsewhere);
    make_room(z);
    return z;
}

void sizes_free(struct sizes *z)
{
    if (!z)
        return;
    for (size_t i = 0; i < z->k; i++)
        free(z->elsewhere[i].lengths);
    free(z->elsewhere);
    free(z->p);
    free(z->log_p);
    free(z->p_sum);
    free(z->weight);
    free(z->mean);
    free(z->var);
    free(z->log_weight);
    free(z->half_precision);
    free(z->pull);
    free(z->w_sum);
    free(z->x_sum);
    free(z->xx_sum);
    free(z->part);
    free(z->most);
    free(z->total);
    free(z);
}

static void keep_elsewhere(struct elsewhere *e, struct hmm_length length)
{
    e->lengths = mem_grow(e->lengths, &e->cap, e->n + 1, sizeof *e->lengths);
    e->lengths[e->n++] = length;
}

void sizes_set(struct sizes *z, size_t state, const struct hmm_state *from)
{
    size_t l = 0;

    for (size_t i = 0; i < from->n_lengths; i++) {
        while (l < z->o->n_lengths && z->o->lengths[l] < from->lengths[i].len)
            l++;
        if (l < z->o->n_lengths && z->o->lengths[l] == from->lengths[i].len)
            z->p[l * z->stride + state] = from->lengths[i].p;
        else
            keep_elsewhere(&z->elsewhere[state], from->lengths[i]);
    }
    for (size_t m = 0; m < z->m && m < from->n_times; m++) {
        const struct hmm_time *const t = &from->times[m];
        z->weight[m * z->stride + state] = t->weight;
        z->mean[m * z->stride + state] = t->mean;
        z->var[m * z->stride + state] = t->var > z->floor ? t->var : z->floor;
    }
}

/* Those of the packets and those elsewhere, merged. */
static void get_lengths(const struct sizes *z, size_t state, struct hmm_state *to)
{
    const struct elsewhere *const e = &z->elsewhere[state];
    size_t at = 0;

    to->lengths = mem_zero(z->o->n_lengths + e->n, sizeof *to->lengths);
    to->n_lengths = 0;
    for (size_t l = 0; l < z->o->n_lengths; l++) {
        const double p = z->p[l * z->stride + state];
        while (at < e->n && e->lengths[at].len < z->o->lengths[l])
            to->lengths[to->n_lengths++] = e->lengths[at++];
        if (p > 0)
            to->lengths[to->n_lengths++] = (struct hmm_length){z->o->lengths[l], p};
    }
    while (at < e->n)
        to->lengths[to->n_lengths++] = e->lengths[at++];
}

void sizes_get(const struct sizes *z, size_t state, struct hmm_state *to)
{
    get_lengths(z, state, to);
    to->times = mem_zero(z->m, sizeof *to->times);
    to->n_times = 0;
    for (size_t m = 0; m < z->m; m++) {
        const size_t i = m * z->stride + state;
        if (z->weight[i] > 0)
            to->times[to->n_times++] = (struct hmm_time){z->weight[i], z->mean[i], z->var[i]};
    }
}

static bool any_state_has(const struct sizes *z, size_t length)
{
    for (size_t i = 0; i < z->k; i++)
        if (z->p[length * z->stride + i] > 0)
            return true;
    return false;
}

/* Takes `share` from all other lengths of a state. */
static void make_way(struct sizes *z, size_t state, double share)
{
    struct elsewhere *const e = &z->elsewhere[state];

    for (size_t l = 0; l < z->o->n_lengths; l++)
        z->p[l * z->stride + state] *= 1 - share;
    for (size_t i = 0; i < e->n; i++)
        e->lengths[i].p *= 1 - share;
}

void sizes_open_up(struct sizes *z)
{
    static const double share = 0.01; /* of a state, for all of them: EM finds the rest */
    size_t *const missing = mem_alloc(z->o->n_lengths, sizeof *missing);
    size_t n = 0;

    for (size_t l = 0; l < z->o->n_lengths; l++)
        if (!any_state_has(z, l))
            missing[n++] = l;
    for (size_t i = 0; n > 0 && i < z->k; i++) {
        make_way(z, i, share);
        for (size_t k = 0; k < n; k++)
            z->p[missing[k] * z->stride + i] = share / (double)n;
    }
    free(missing);
}

static void prepare_times(struct sizes *z, size_t blur)
{
    static const double two_pi = 6.283185307179586;
    const size_t n = z->m * z->stride;

    for (size_t at = 0; at < n; at++) {
        const bool there = at % z->stride < z->k && z->weight[at] > 0;
        const double var = z->var[at] + z->o->blurs.iat[blur];
        z->log_weight[blur * n + at] =
            there ? log(z->weight[at]) - 0.5 * log(two_pi * var) : -HUGE_VAL;
        z->half_precision[blur * n + at] = there ? 0.5 / var : 0;
        z->pull[blur * n + at] = there ? z->o->blurs.iat[blur] / var : 0;
    }
}

void sizes_prepare(struct sizes *z)
{
    for (size_t l = 0; l < z->o->n_lengths; l++)
        for (size_t i = 0; i < z->stride; i++)
            z->log_p[l * z->stride + i] =
                i < z->k ? log((1 - EMISSION_ANY_LENGTH) * z->p[l * z->stride + i] + any_length)
                         : -HUGE_VAL;
    for (size_t b = 0; b < z->o->blurs.n; b++)
        prepare_times(z, b);
}

/* z->part: each component's share of the density over the greatest, whose log is z->most; z->total
 * is their sum. */
static void shares(struct sizes *z, const struct packet *p)
{
    const size_t n = z->stride;
    const double *const log_weight = z->log_weight + p->blur * z->m * n, *const half_precision =
                                                                             z->half_precision +
                                                                             p->blur * z->m * n;

    for (size_t i = 0; i < n; i++)
        z->most[i] = -HUGE_VAL;
    for (size_t m = 0; m < z->m; m++)
        for (size_t i = 0; i < n; i++) {
            const size_t at = m * n + i;
            const double d = p->p.iat - z->mean[at];
            z->part[at] = log_weight[at] - d * d * half_precision[at];
            z->most[i] = z->part[at] > z->most[i] ? z->part[at] : z->most[i];
        }
    for (size_t m = 0; m < z->m; m++)
        for (size_t i = 0; i < n; i++)
            z->part[m * n + i] = i < z->k ? z->part[m * n + i] - z->most[i] : -HUGE_VAL;
    vec_exp(z->part, z->m * n);
    memset(z->total, 0, n * sizeof(double));
    for (size_t m = 0; m < z->m; m++)
        for (size_t i = 0; i < n; i++)
            z->total[i] += z->part[m * n + i];
}

void sizes_log_densities(struct sizes *z, const struct packet *p, double *log_density)
{
    const double *const log_p = z->log_p + p->length * z->stride;

    shares(z, p);
    for (size_t i = 0; i < z->stride; i++)
        log_density[i] = i < z->k ? log_p[i] + z->most[i] + log(z->total[i]) : -HUGE_VAL;
}

void sizes_begin(struct sizes *z)
{
    memset(z->p_sum, 0, z->o->n_lengths * z->stride * sizeof(double));
    memset(z->w_sum, 0, z->m * z->stride * sizeof(double));
    memset(z->x_sum, 0, z->m * z->stride * sizeof(double));
    memset(z->xx_sum, 0, z->m * z->stride * sizeof(double));
}

void sizes_add(struct sizes *z, const struct packet *p, const double *weights)
{
    double *const p_sum = z->p_sum + p->length * z->stride;
    const double *const pull = z->pull + p->blur * z->m * z->stride;

    shares(z, p);
    for (size_t i = 0; i < z->k; i++)
        p_sum[i] += weights[i];
    for (size_t m = 0; m < z->m; m++)
        for (size_t i = 0; i < z->k; i++) {
            const size_t at = m * z->stride + i;
            const double w = weights[i] * (z->part[at] / z->total[i]);
            const double d = (1 - pull[at]) * (p->p.iat - z->mean[at]);
            z->w_sum[at] += w;
            z->x_sum[at] += w * d;
            z->xx_sum[at] += w * (d * d + pull[at] * z->var[at]);
        }
}

/* What the weights of a length say of p: not of the share that all lengths get alike. */
static void maximise_lengths(struct sizes *z, size_t i)
{
    double sum = 0;

    for (size_t l = 0; l < z->o->n_lengths; l++) {
        const size_t at = l * z->stride + i;
        const double own = (1 - EMISSION_ANY_LENGTH) * z->p[at];
        z->p_sum[at] *= own / (own + any_length);
        sum += z->p_sum[at];
    }
    if (!(sum > EMISSION_NO_WEIGHT))
        return;
    for (size_t l = 0; l < z->o->n_lengths; l++)
        z->p[l * z->stride + i] = z->p_sum[l * z->stride + i] / sum;
    z->elsewhere[i].n = 0;
}

static void maximise_times(struct sizes *z, size_t i)
{
    double sum = 0;

    for (size_t m = 0; m < z->m; m++)
        sum += z->w_sum[m * z->stride + i];
    if (!(sum > EMISSION_NO_WEIGHT))
        return;
    for (size_t m = 0; m < z->m; m++) {
        const size_t at = m * z->stride + i;
        const double w = z->w_sum[at];
        z->weight[at] = w / sum;
        if (!(w > EMISSION_NO_WEIGHT))
            continue;
        const double shift = z->x_sum[at] / w, var = z->xx_sum[at] / w - shift * shift;
        z->mean[at] += shift;
        z->var[at] = var > z->floor ? var : z->floor;
    }
}

void sizes_maximise(struct sizes *z)
{
    for (size_t i = 0; i < z->k; i++) {
        maximise_lengths(z, i);
        maximise_times(z, i);
    }
}

/* Lengths that a state hardly has are no parameters of it. */
double sizes_parameters(const struct sizes *z)
{
    double n = 0;

    for (size_t i = 0; i < z->k; i++) {
        double lengths = 0, times = 0;
        for (size_t l = 0; l < z->o->n_lengths; l++)
            lengths += z->p[l * z->stride + i] > EMISSION_THERE;
        for (size_t l = 0; l < z->elsewhere[i].n; l++)
            lengths += z->elsewhere[i].lengths[l].p > EMISSION_THERE;
        for (size_t m = 0; m < z->m; m++)
            times += z->weight[m * z->stride + i] > EMISSION_THERE;
        n += (lengths > 1 ? lengths - 1 : 0) + (times > 0 ? 3 * times - 1 : 0);
    }
    return n;
}
