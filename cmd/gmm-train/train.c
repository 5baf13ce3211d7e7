#include "train.h"

#include "fits.h"
#include "mem.h"
#include "scores.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The packets of one direction. */
struct half {
    struct series *series;
    struct side side;
};

/* The last packets are held out, at least one, if another is left to learn from. */
static bool open_half(struct half *h, const struct options *o, struct err *e)
{
    const size_t n = h->series->n;
    size_t held = 0;

    if (o->criterion == CRITERION_HELD_OUT) {
        held = (size_t)round(o->held_out * (double)n);
        held = held == 0 ? 1 : held == n ? n - 1 : held;
        if (held == 0 || held == n)
            return err_set(e, "%s: one packet: none is left to hold out (--criterion=bic can)",
                           series_dir_name(h->side.dir));
        h->side.held_out = sample_new(h->series, n - held, n, o->exact);
    }
    h->side.learn = sample_new(h->series, 0, n - held, o->exact);
    return true;
}

/* The directions that have packets, forward first; how many. */
static size_t split(const struct series *s, struct half halves[2])
{
    static const enum series_dir dirs[] = {SERIES_FORWARD, SERIES_BACKWARD};
    size_t n = 0;

    for (size_t i = 0; i < 2; i++) {
        struct series *const of = series_of(s, dirs[i]);
        if (of->n > 0)
            halves[n++] = (struct half){.series = of, .side = {.dir = dirs[i]}};
        else
            series_free(of);
    }
    return n;
}

/* Takes over what is in the fit of all packets of a direction, or of those that it may learn from.
 */
static struct gmm_mixture mixture_of(const struct half *h, const struct em_mixture *x)
{
    return (struct gmm_mixture){.dir = h->side.dir,
                                .k = x->k,
                                .weights = x->weights,
                                .components = x->components,
                                .packets = h->series->n,
                                .exit = x->exit,
                                .iterations = x->iterations,
                                .log_likelihood = x->log_likelihood};
}

/* The chosen fit; where packets were held out, its number of components fitted to all. */
static bool finish(const struct half *h, struct fit *chosen, const struct options *o,
                   struct pool *pool, struct gmm_mixture *x, struct err *e)
{
    struct em_mixture refitted;

    if (!h->side.held_out) {
        *x = mixture_of(h, &chosen->mixture);
        chosen->mixture = (struct em_mixture){0};
        return true;
    }
    struct sample *const all = sample_new(h->series, 0, h->series->n, o->exact);
    const bool ok = fits_one(all, h->side.dir, chosen->asked, o, pool, &refitted, e);
    sample_free(all);
    if (ok)
        *x = mixture_of(h, &refitted);
    return ok;
}

static struct gmm *model_new(const struct series *s, const struct options *o)
{
    struct gmm *const m = mem_zero(1, sizeof *m);

    if (asprintf(&m->made, "gmm-train%s%s", *o->made ? " " : "", o->made) < 0)
        die("out of memory");
    m->seed = o->shared->seed;
    m->iat_column = mem_string(s->iat_column, strlen(s->iat_column));
    m->resolution = s->resolution;
    return m;
}

static bool fit_halves(struct half *halves, size_t n, const struct options *o, struct pool *pool,
                       struct gmm *m, struct textbuf *scores, struct err *e)
{
    struct side sides[2];
    struct fits fits;
    bool ok = true;

    for (size_t i = 0; i < n; i++) {
        if (!open_half(&halves[i], o, e))
            return false;
        sides[i] = halves[i].side;
    }
    if (!fits_run(sides, n, o, pool, &fits, e))
        return false;
    scores_put(&fits, scores);
    for (size_t i = 0; i < fits.n && ok; i++) {
        struct fit *const fit = &fits.all[i];
        if (!fit->chosen)
            continue;
        ok = finish(&halves[fit->side - sides], fit, o, pool, &m->mixtures[m->n_mixtures], e);
        m->n_mixtures += ok;
    }
    fits_free(&fits);
    return ok;
}

struct gmm *train(const struct series *s, const struct options *o, struct pool *pool,
                  struct textbuf *scores, struct err *e)
{
    struct half halves[2];
    const size_t n = split(s, halves);
    struct gmm *m = model_new(s, o);

    if (!fit_halves(halves, n, o, pool, m, scores, e)) {
        gmm_free(m);
        m = NULL;
    }
    for (size_t i = 0; i < n; i++) {
        series_free(halves[i].series);
        sample_free(halves[i].side.learn);
        sample_free(halves[i].side.held_out);
    }
    return m;
}
