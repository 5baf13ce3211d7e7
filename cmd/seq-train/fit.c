#include "fit.h"

#include "mem.h"
#include "nn_train.h"

#include <stdlib.h>
#include <string.h>

struct view {
    const struct seq *m;
    const struct parts *p;
    const struct windows *windows;
    size_t size;
};

/* Behind its end a window is filled with zeros, of which nothing is asked. */
static void get(const void *context, size_t sample, struct rng *vary, float *in, float *extra,
                uint32_t *right)
{
    const struct view *const v = context;
    const struct window *const w = &v->windows->all[sample];
    const uint64_t moved = vary && w->slack > 0 ? rng_below(vary, (uint64_t)w->slack + 1) : 0;
    const uint32_t *const from = v->p->series + w->at + moved;
    const size_t skip = vary ? 0 : w->skip;

    (void)extra;
    for (size_t i = 0; i < v->size; i++) {
        in[i] = i < w->n ? seq_input(v->m, from[i]) : 0;
        right[i] = i >= skip && i < w->n ? from[i + 1] : NN_NO_CLASS;
    }
}

static bool run(struct seq *m, const struct nn_plan *plan, const struct parts *p,
                const struct options *o, struct nn_log *log, struct err *e)
{
    const struct view train = {m, p, &p->train, o->window}, valid = {m, p, &p->valid, o->window};
    const struct nn_samples learn = {p->train.n, get, &train}, stop = {p->valid.n, get, &valid};
    const struct nn_train_options options = {
        .epochs = o->epochs,
        .patience = p->valid.n > 0 ? o->patience : 0,
        .batch = o->batch,
        .part = 4,
        .rate = o->rate,
        .clip = 1,
        .fall = 0.3,
        .fall_patience = 3,
        .seed = m->seed,
        .loss = {.classes = plan->out.channels},
    };
    struct pool *const pool = pool_new(o->shared->threads);
    const bool ok = nn_train(plan, m->params, &learn, &stop, &options, pool, nn_log_tell, log, e);

    pool_free(pool);
    return ok;
}

/* Over a whole window. */
static struct nn_plan *plan_window(const struct seq *m, const struct options *o, struct err *e)
{
    struct err why;
    struct nn_plan *const plan =
        nn_plan_new(m->plan->text, (struct nn_shape){o->window, 1}, 0, &why);

    if (!plan)
        err_set(e, "windows of %zu (--window) and layers of %zu (--hidden) are too large: %s",
                o->window, o->hidden, why.text);
    return plan;
}

bool fit(struct seq *m, const struct parts *p, const struct options *o,
         struct nn_log_summary *summary, struct err *e)
{
    struct nn_plan *const plan = plan_window(m, o, e);
    struct nn_log *const log =
        plan ? nn_log_open(o->curve, o->shared->progress, p->valid.n > 0, e) : NULL;
    struct rng r = rng_new(m->seed, 0);

    if (!log) {
        nn_plan_free(plan);
        return false;
    }
    m->params = mem_alloc(plan->n_params, sizeof *m->params);
    nn_plan_start(plan, m->params, &r);
    const bool ok = nn_log_close(log, run(m, plan, p, o, log, e), summary, e);
    nn_plan_free(plan);
    return ok;
}
