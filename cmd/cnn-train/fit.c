#include "fit.h"

#include "mem.h"
#include "nn_train.h"

#include <stdlib.h>
#include <string.h>

/* The last layer of the old model, of fewer outputs, into the new one. */
static void start_last(const struct cnn *m, const struct cnn *from, size_t member)
{
    const struct nn_layer *const to_layer = &m->plan->layers[m->plan->n_layers - 1],
                                 *const from_layer = &from->plan->layers[from->plan->n_layers - 1];
    const size_t weights = from->n_classes * m->unknown.hidden;
    float *const params = m->members[member].params, *const to = params + to_layer->first;
    const float *const old = from->members[member].params + from_layer->first;

    memcpy(params, from->members[member].params, from_layer->first * sizeof *to);
    memcpy(to, old, weights * sizeof *to);
    memcpy(to + m->n_classes * m->unknown.hidden, old + weights, from->n_classes * sizeof *to);
}

void fit_start(struct cnn *m, const struct cnn *from, size_t member)
{
    struct rng r = rng_new(samples_seed(m, member), 0);
    float *const params = mem_alloc(m->plan->n_params, sizeof *params);

    m->members[member].params = params;
    nn_plan_start(m->plan, params, &r);
    if (from)
        start_last(m, from, member);
}

static bool run(struct cnn *m, size_t member, const struct samples *s, const struct options *o,
                struct nn_log *log, struct pool *pool, struct err *e)
{
    const struct samples_part *const part = &s->parts[member];
    const struct samples_view train = {m, s, part->train, o->augment},
                              valid = {m, s, part->valid, 0};
    const struct nn_samples learn = {part->n_train, samples_get, &train},
                            stop = {part->n_valid, samples_get, &valid};
    float *const weights = mem_alloc(m->n_classes, sizeof *weights);

    for (size_t i = 0; i < m->n_classes; i++)
        weights[i] = (float)m->classes[i].weight;
    const struct nn_train_options options = {
        .epochs = o->epochs,
        .patience = part->n_valid > 0 ? o->patience : 0,
        .keep_last = o->patience == 0,
        .batch = o->batch,
        .part = 32,
        .rate = o->rate,
        .decay = o->decay,
        .clip = 1,
        .fall = 0.5,
        .fall_patience = 3,
        .seed = samples_seed(m, member),
        .loss = {.classes = m->n_classes, .weights = weights, .focal = o->focal},
    };
    const bool ok = nn_train(m->plan, m->members[member].params, &learn, &stop, &options, pool,
                             nn_log_tell, log, e);
    free(weights);
    return ok;
}

bool fit_run(struct cnn *m, size_t member, const struct samples *s, const struct options *o,
             struct pool *pool, struct nn_log_summary *summary, struct err *e)
{
    struct nn_log *const log = nn_log_open(member == 0 ? o->curve : NULL, o->shared->progress,
                                           s->parts[member].n_valid > 0, e);

    return log && nn_log_close(log, run(m, member, s, o, log, pool, e), summary, e);
}
