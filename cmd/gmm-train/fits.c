#include "fits.h"

#include "mem.h"
#include "progress.h"
#include "start.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* One fit from one start. */
struct attempt {
    const struct sample *sample;
    enum series_dir dir;
    size_t asked, restart;
    struct gmm_mixture mixture;
    struct em_fall fall;
};

static void mixture_drop(struct gmm_mixture *x)
{
    free(x->weights);
    free(x->components);
    *x = (struct gmm_mixture){0};
}

/* Each has random numbers of its own, whatever else is fitted. */
static uint64_t stream_of(const struct attempt *a)
{
    _Static_assert(GMM_MAX_COMPONENTS < 1 << 16 && MOST_RESTARTS < 1 << 16, "fields of a stream");
    return (uint64_t)a->dir << 32 | (uint64_t)a->asked << 16 | a->restart;
}

static void attempt_fit(struct attempt *a, const struct options *o, struct pool *pool)
{
    struct rng rng = rng_new(o->shared->seed, stream_of(a));
    const struct sample *const s = a->sample;

    a->mixture.dir = a->dir;
    a->mixture.packets = (uint64_t)s->packets;
    start_mixture(s, a->asked < s->n ? a->asked : s->n, o->em.floor, &rng, &a->mixture);
    if (em_fit(s, &o->em, pool, &a->mixture, &a->fall) && a->asked > s->n)
        a->mixture.exit = EM_DEGENERATE;
}

static bool attempt_sound(const struct attempt *a, struct err *e)
{
    if (a->fall.iteration == 0)
        return true;
    return err_set(e,
                   "internal error: %s, %zu components: iteration %llu lowered the log-likelihood "
                   "a packet from %.12g to %.12g",
                   series_dir_name(a->dir), a->asked, (unsigned long long)a->fall.iteration,
                   a->fall.from, a->fall.to);
}

/* Of n attempts the best (the first of equals), which *x takes over. */
static bool best_of(struct attempt *a, size_t n, struct gmm_mixture *x, struct err *e)
{
    size_t best = 0;

    for (size_t i = 0; i < n; i++) {
        if (!attempt_sound(&a[i], e))
            return false;
        if (a[i].mixture.log_likelihood > a[best].mixture.log_likelihood)
            best = i;
    }
    *x = a[best].mixture;
    a[best].mixture = (struct gmm_mixture){0};
    return true;
}

/* Attempts side by side, each in one thread, or one after another, each in all threads. */
struct work {
    struct attempt *attempts;
    size_t n;
    const struct options *options;
    struct progress *progress;
    atomic_size_t done;
};

/* The last attempts have the most components: they come first, so that none ends late and alone. */
static void work_part(void *context, size_t part, unsigned thread)
{
    struct work *const w = context;
    struct pool *const alone = pool_new(1);

    attempt_fit(&w->attempts[w->n - 1 - part], w->options, alone);
    pool_free(alone);
    const size_t done = atomic_fetch_add(&w->done, 1) + 1;
    if (thread == 0)
        progress_at(w->progress, done);
}

static void attempts_fit(struct attempt *a, size_t n, const struct options *o, struct pool *pool)
{
    struct work w = {.attempts = a, .n = n, .options = o};

    w.progress = progress_new(o->shared->progress, "fits", n);
    if (n >= pool_threads(pool)) {
        pool_run(pool, n, work_part, &w);
    } else {
        for (size_t i = 0; i < n; i++) {
            attempt_fit(&a[i], o, pool);
            progress_at(w.progress, i + 1);
        }
    }
    progress_end(w.progress);
}

static void attempts_free(struct attempt *a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mixture_drop(&a[i].mixture);
    free(a);
}

bool fits_one(const struct sample *s, enum series_dir dir, size_t k, const struct options *o,
              struct pool *pool, struct gmm_mixture *x, struct err *e)
{
    struct attempt *const a = mem_zero(o->restarts, sizeof *a);

    for (size_t i = 0; i < o->restarts; i++)
        a[i] = (struct attempt){.sample = s, .dir = dir, .asked = k, .restart = i};
    attempts_fit(a, o->restarts, o, pool);
    const bool ok = best_of(a, o->restarts, x, e);
    attempts_free(a, o->restarts);
    return ok;
}

/* Weights (which sum to 1), means, covariances. */
static double parameters(const struct gmm_mixture *x)
{
    return 6 * (double)x->k - 1;
}

static void rate(struct fit *f)
{
    const struct gmm_mixture *const x = &f->mixture;
    const double n = (double)x->packets;

    f->bic = parameters(x) * log(n) - 2 * n * x->log_likelihood;
    f->aic = parameters(x) * 2 - 2 * n * x->log_likelihood;
    if (f->side->held_out)
        f->held_out = em_log_likelihood(f->side->held_out, x);
}

/* The lower the better. */
static double cost(const struct fit *f, enum criterion c)
{
    return c == CRITERION_BIC ? f->bic : c == CRITERION_AIC ? f->aic : -f->held_out;
}

/* The best of a side; of equals, the one with fewer components. */
static void choose(struct fit *fits, size_t n, enum criterion c)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++)
        if (cost(&fits[i], c) < cost(&fits[best], c))
            best = i;
    fits[best].chosen = true;
}

/* Attempts in the order of sides, numbers of components and starts. */
static struct attempt *attempts_new(const struct side *sides, size_t n, const struct options *o)
{
    const size_t a_side = o->components.n * o->restarts;
    struct attempt *const a = mem_zero(n * a_side, sizeof *a);

    for (size_t i = 0; i < n * a_side; i++) {
        const struct side *const side = &sides[i / a_side];
        a[i] = (struct attempt){.sample = side->learn,
                                .dir = side->dir,
                                .asked = o->components.values[i % a_side / o->restarts],
                                .restart = i % o->restarts};
    }
    return a;
}

bool fits_run(const struct side *sides, size_t n_sides, const struct options *o, struct pool *pool,
              struct fits *f, struct err *e)
{
    const size_t ks = o->components.n, n = n_sides * ks;
    struct attempt *const a = attempts_new(sides, n_sides, o);
    bool ok = true;

    attempts_fit(a, n * o->restarts, o, pool);
    *f = (struct fits){mem_zero(n, sizeof *f->all), n};
    for (size_t i = 0; i < n && ok; i++) {
        struct fit *const fit = &f->all[i];
        fit->side = &sides[i / ks];
        fit->asked = o->components.values[i % ks];
        ok = best_of(a + i * o->restarts, o->restarts, &fit->mixture, e);
        if (ok)
            rate(fit);
    }
    attempts_free(a, n * o->restarts);
    for (size_t i = 0; i < n_sides && ok; i++)
        choose(f->all + i * ks, ks, o->criterion);
    if (!ok)
        fits_free(f);
    return ok;
}

void fits_free(struct fits *f)
{
    for (size_t i = 0; i < f->n; i++)
        mixture_drop(&f->all[i].mixture);
    free(f->all);
    *f = (struct fits){0};
}
