#include "hmm.h"

#include "mem.h"

#include <math.h>
#include <stdlib.h>

struct hmm_walk {
    const struct hmm *m;
    const struct hmm_chain *c;
    size_t state;
    bool started;
    const struct hmm_walk *other; /* the walk that it is coupled with, or NULL */
};

struct hmm_walk *hmm_walk_new(const struct hmm *m, const struct hmm_chain *c)
{
    struct hmm_walk *const w = mem_zero(1, sizeof *w);

    w->m = m;
    w->c = c;
    return w;
}

void hmm_walk_free(struct hmm_walk *w)
{
    free(w);
}

void hmm_walk_couple(struct hmm_walk *a, struct hmm_walk *b)
{
    a->other = b;
    b->other = a;
}

void hmm_walk_start(struct hmm_walk *w)
{
    w->started = false;
}

/* One of n by their probabilities, `step` doubles apart. Where rounding leaves them short of 1 and
 * the draw falls in between, it is the last that can be. */
static size_t draw(const double *p, size_t n, size_t step, struct rng *r)
{
    double left = rng_unit(r);
    size_t last = 0;

    for (size_t i = 0; i < n; i++) {
        left -= p[i * step];
        if (left < 0)
            return i;
        if (p[i * step] > 0)
            last = i;
    }
    return last;
}

static size_t next_state(const struct hmm_walk *w, struct rng *r)
{
    const struct hmm_chain *const c = w->c;

    if (w->started && w->other && w->other->started)
        return draw(hmm_row_beside(c, w->state, w->other->state), c->k, 1, r);
    if (w->started)
        return draw(c->to + w->state * c->k, c->k, 1, r);
    return draw(&c->states->start, c->k, sizeof *c->states / sizeof(double), r);
}

static void draw_gaussian(const struct hmm_walk *w, struct drawn *d, struct rng *r)
{
    const struct point p = gauss2_draw(&w->c->states[d->state].gauss, r);

    d->len = series_len_of(p.len);
    d->iat = series_iat_of(p.iat, w->m->resolution);
}

static void draw_discrete(const struct hmm_walk *w, struct drawn *d, struct rng *r)
{
    const struct hmm_state *const s = &w->c->states[d->state];
    const size_t length =
        draw(&s->lengths->p, s->n_lengths, sizeof *s->lengths / sizeof(double), r);
    const size_t time = draw(&s->times->weight, s->n_times, sizeof *s->times / sizeof(double), r);
    const struct hmm_time *const t = &s->times[time];

    d->len = s->lengths[length].len;
    d->iat = series_iat_of(t->mean + sqrt(t->var) * normal_draw(r), w->m->resolution);
}

struct drawn hmm_walk_next(struct hmm_walk *w, struct rng *r)
{
    struct drawn d = {.state = next_state(w, r), .dir = w->c->dir};

    w->state = d.state;
    w->started = true;
    if (d.dir == SERIES_BOTH)
        d.dir = rng_unit(r) < w->c->states[d.state].forward ? SERIES_FORWARD : SERIES_BACKWARD;
    if (w->m->emission == HMM_GAUSSIAN)
        draw_gaussian(w, &d, r);
    else
        draw_discrete(w, &d, r);
    return d;
}
