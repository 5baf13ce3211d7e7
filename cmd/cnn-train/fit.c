#include "fit.h"

#include "mem.h"
#include "nn_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The last layer of the old model, of fewer outputs, into the new one. */
static void start_last(struct cnn *m, const struct cnn *from)
{
    const struct nn_layer *const to_layer = &m->plan->layers[m->plan->n_layers - 1],
                                 *const from_layer = &from->plan->layers[from->plan->n_layers - 1];
    const size_t weights = from->n_classes * m->unknown.hidden;
    float *const to = m->params + to_layer->first;
    const float *const old = from->params + from_layer->first;

    memcpy(m->params, from->params, from_layer->first * sizeof *to);
    memcpy(to, old, weights * sizeof *to);
    memcpy(to + m->n_classes * m->unknown.hidden, old + weights, from->n_classes * sizeof *to);
}

void fit_start(struct cnn *m, const struct cnn *from)
{
    struct rng r = rng_new(m->seed, 0);

    m->params = mem_alloc(m->plan->n_params, sizeof *m->params);
    nn_plan_start(m->plan, m->params, &r);
    if (from)
        start_last(m, from);
}

/* Rows of a part of the samples. */
struct view {
    const struct cnn *m;
    const struct samples *s;
    const uint32_t *rows;
    double augment;
};

/* A flow of which fewer packets were seen, on a path that is faster or slower. */
static void vary(const struct view *v, struct rng *r, float *in)
{
    const struct cnn *const m = v->m;
    const size_t channels = v->s->in_each / m->places;
    const float stretch = (float)((2 * rng_unit(r) - 1) * log10(2) / 3);
    const size_t gap = 1 + (m->sequences >> CNN_LEN & 1);
    size_t there = 0;

    while (there < m->places && in[there * channels] > 0)
        there++;
    const size_t half = (there + 1) / 2;
    const size_t keep = half + (there > half ? rng_below(r, there - half + 1) : 0);
    memset(in + keep * channels, 0, (m->places - keep) * channels * sizeof *in);
    for (size_t i = 0; m->sequences >> CNN_IAT & 1 && i < keep; i++) {
        float *const x = &in[i * channels + gap];
        if (*x > 0)
            *x = fmaxf(*x + stretch, 0);
    }
}

static void get(const void *view, size_t sample, struct rng *draws, float *in, float *extra,
                uint32_t *right)
{
    const struct view *const v = view;
    const size_t row = v->rows[sample];

    memcpy(in, v->s->in + row * v->s->in_each, v->s->in_each * sizeof *in);
    if (v->s->extra)
        memcpy(extra, v->s->extra + row * v->s->extra_each, v->s->extra_each * sizeof *extra);
    *right = v->s->class[row];
    if (draws && v->augment > 0 && v->m->places > 0 && rng_unit(draws) < v->augment)
        vary(v, draws, in);
}

static bool run(struct cnn *m, const struct samples *s, const struct options *o, struct nn_log *log,
                struct pool *pool, struct err *e)
{
    const struct view train = {m, s, s->train, o->augment}, valid = {m, s, s->valid, 0};
    const struct nn_samples learn = {s->n_train, get, &train}, stop = {s->n_valid, get, &valid};
    float *const weights = mem_alloc(m->n_classes, sizeof *weights);

    for (size_t i = 0; i < m->n_classes; i++)
        weights[i] = (float)m->classes[i].weight;
    const struct nn_train_options options = {
        .epochs = o->epochs,
        .patience = s->n_valid > 0 ? o->patience : 0,
        .batch = o->batch,
        .part = 32,
        .rate = o->rate,
        .decay = o->decay,
        .clip = 1,
        .fall = 0.5,
        .fall_patience = 3,
        .seed = m->seed,
        .loss = {.classes = m->n_classes, .weights = weights, .focal = o->focal},
    };
    const bool ok =
        nn_train(m->plan, m->params, &learn, &stop, &options, pool, nn_log_tell, log, e);
    free(weights);
    return ok;
}

bool fit_run(struct cnn *m, const struct samples *s, const struct options *o, struct pool *pool,
             struct nn_log_summary *summary, struct err *e)
{
    struct nn_log *const log = nn_log_open(o->curve, o->shared->progress, s->n_valid > 0, e);

    return log && nn_log_close(log, run(m, s, o, log, pool, e), summary, e);
}
