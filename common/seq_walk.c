#include "mem.h"
#include "nn_step.h"
#include "seq.h"

#include <math.h>
#include <stdlib.h>

struct seq_walk {
    const struct seq *m;
    struct nn_step *step;
    size_t n; /* symbols */
    const float *logits;
    float most;   /* of the logits */
    double *upto; /* room to draw in: weights of all symbols up to and with each */
    bool sound;
};

struct seq_walk *seq_walk_new(const struct seq *m, struct err *e)
{
    struct nn_step *const step = nn_step_new(m->plan, m->params, e);

    if (!step)
        return NULL;
    struct seq_walk *const w = mem_zero(1, sizeof *w);
    *w = (struct seq_walk){.m = m, .step = step, .n = intern_count(m->names), .sound = true};
    w->upto = mem_alloc(w->n, sizeof *w->upto);
    seq_walk_start(w);
    return w;
}

void seq_walk_free(struct seq_walk *w)
{
    if (!w)
        return;
    nn_step_free(w->step);
    free(w->upto);
    free(w);
}

void seq_walk_take(struct seq_walk *w, uint32_t symbol)
{
    const float in = seq_input(w->m, symbol);

    w->logits = nn_step_next(w->step, &in);
    w->most = w->logits[0];
    for (size_t i = 0; i < w->n; i++) {
        w->most = w->logits[i] > w->most ? w->logits[i] : w->most;
        w->sound = w->sound && isfinite(w->logits[i]);
    }
}

void seq_walk_start(struct seq_walk *w)
{
    seq_walk_start_at(w, (uint32_t)w->n);
}

void seq_walk_start_at(struct seq_walk *w, uint32_t symbol)
{
    nn_step_reset(w->step);
    seq_walk_take(w, symbol);
}

double seq_walk_nats(const struct seq_walk *w, uint32_t symbol)
{
    double sum = 0;

    for (size_t i = 0; i < w->n; i++)
        sum += exp((double)w->logits[i] - (double)w->most);
    return log(sum) + (double)w->most - (double)w->logits[symbol];
}

uint32_t seq_walk_next(struct seq_walk *w, double temperature, struct rng *r)
{
    const float by = (float)(1 / temperature);
    double sum = 0;
    uint32_t symbol = 0;

    for (size_t i = 0; i < w->n; i++) {
        sum += (double)expf((w->logits[i] - w->most) * by);
        w->upto[i] = sum;
    }
    const double u = rng_unit(r) * sum;
    while (symbol + 1 < w->n && !(u < w->upto[symbol]))
        symbol++;
    seq_walk_take(w, symbol);
    return symbol;
}

bool seq_walk_sound(const struct seq_walk *w)
{
    return w->sound;
}
