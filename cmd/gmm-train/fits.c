#include "fits.h"

#include "mem.h"
#include "progress.h"
#include "start.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A step that gains less nats a packet ends the run of one start among others: by then it shows
 * which is the best, and that one goes on. */
static const double SHORT_TOLERANCE = 1e-3;

/* What to fit: so many components to a sample. */
struct task {
    const struct sample *sample;
    enum series_dir dir;
    size_t k;
};

/* A run of EM: from a start, or on from where another ended. */
struct run {
    struct task task;
    size_t restart;
    double tolerance;
    struct gmm_mixture mixture; /* k = 0: from a start */
    struct em_fall fall;
};

static void mixture_drop(struct gmm_mixture *x)
{
    free(x->weights);
    free(x->components);
    *x = (struct gmm_mixture){0};
}

/* Each start has random numbers of its own, whatever else is fitted. */
static uint64_t stream_of(const struct run *r)
{
    _Static_assert(GMM_MAX_COMPONENTS < 1 << 16 && MOST_RESTARTS < 1 << 16, "fields of a stream");
    return (uint64_t)r->task.dir << 32 | (uint64_t)r->task.k << 16 | r->restart;
}

/* Where a series has few sizes, of many times each, clusters ought to part sizes; where it has
 * whole milliseconds, times. So starts take turns. */
static double stretch_of(const struct run *r)
{
    static const double stretches[] = {1, 8, 64};

    return stretches[r->restart % (sizeof stretches / sizeof *stretches)];
}

static void run_fit(struct run *r, const struct options *o, struct pool *pool)
{
    const struct sample *const s = r->task.sample;
    struct em_options em = o->em;

    em.tolerance = r->tolerance;
    if (r->mixture.k == 0) {
        struct rng rng = rng_new(o->shared->seed, stream_of(r));
        r->mixture.dir = r->task.dir;
        r->mixture.packets = (uint64_t)s->packets;
        start_mixture(s, r->task.k < s->n ? r->task.k : s->n, em.floor, stretch_of(r), &rng,
                      &r->mixture);
    }
    if (em_fit(s, &em, pool, &r->mixture, &r->fall) && r->task.k > s->n)
        r->mixture.exit = EM_DEGENERATE;
}

static bool run_sound(const struct run *r, struct err *e)
{
    if (r->fall.iteration == 0)
        return true;
    return err_set(e,
                   "internal error: %s, %zu components: iteration %llu lowered the log-likelihood "
                   "a packet from %.12g to %.12g",
                   series_dir_name(r->task.dir), r->task.k, (unsigned long long)r->fall.iteration,
                   r->fall.from, r->fall.to);
}

/* Of n runs the best (the first of equals), whose mixture *x takes over. */
static bool best_of(struct run *r, size_t n, struct gmm_mixture *x, struct err *e)
{
    size_t best = 0;

    for (size_t i = 0; i < n; i++) {
        if (!run_sound(&r[i], e))
            return false;
        if (r[i].mixture.log_likelihood > r[best].mixture.log_likelihood)
            best = i;
    }
    *x = r[best].mixture;
    r[best].mixture = (struct gmm_mixture){0};
    return true;
}

/* Runs side by side, each in one thread, or one after another, each in all threads. */
struct work {
    struct run *runs;
    size_t n;
    const struct options *options;
    struct progress *progress;
    atomic_size_t done;
};

/* The last runs have the most components: they come first, so that none ends late and alone. */
static void work_part(void *context, size_t part, unsigned thread)
{
    struct work *const w = context;
    struct pool *const alone = pool_new(1);

    run_fit(&w->runs[w->n - 1 - part], w->options, alone);
    pool_free(alone);
    const size_t done = atomic_fetch_add(&w->done, 1) + 1;
    if (thread == 0)
        progress_at(w->progress, done);
}

static void run_all(struct run *r, size_t n, const struct options *o, struct pool *pool)
{
    struct work w = {.runs = r, .n = n, .options = o};

    w.progress = progress_new(o->shared->progress, "fits", n);
    if (n >= pool_threads(pool)) {
        pool_run(pool, n, work_part, &w);
    } else {
        for (size_t i = 0; i < n; i++) {
            run_fit(&r[i], o, pool);
            progress_at(w.progress, i + 1);
        }
    }
    progress_end(w.progress);
}

static void runs_free(struct run *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mixture_drop(&r[i].mixture);
    free(r);
}

/* The best of all starts of each task into x[task]. */
static bool run_starts(const struct task *tasks, size_t n, double tolerance,
                       const struct options *o, struct pool *pool, struct gmm_mixture *x,
                       struct err *e)
{
    const size_t starts = o->restarts;
    struct run *const r = mem_zero(n * starts, sizeof *r);
    bool ok = true;

    for (size_t i = 0; i < n * starts; i++)
        r[i] =
            (struct run){.task = tasks[i / starts], .restart = i % starts, .tolerance = tolerance};
    run_all(r, n * starts, o, pool);
    for (size_t i = 0; i < n && ok; i++)
        ok = best_of(r + i * starts, starts, &x[i], e);
    runs_free(r, n * starts);
    return ok;
}

/* Goes on with x[task] to the tolerance that was asked for. */
static bool run_on(const struct task *tasks, size_t n, const struct options *o, struct pool *pool,
                   struct gmm_mixture *x, struct err *e)
{
    struct run *const r = mem_zero(n, sizeof *r);
    bool ok = true;

    for (size_t i = 0; i < n; i++) {
        r[i] = (struct run){.task = tasks[i], .tolerance = o->em.tolerance, .mixture = x[i]};
        x[i] = (struct gmm_mixture){0};
    }
    run_all(r, n, o, pool);
    for (size_t i = 0; i < n && ok; i++)
        ok = best_of(&r[i], 1, &x[i], e);
    runs_free(r, n);
    return ok;
}

/* The best fit of each task into x[task], which starts zeroed; free what is in them even where it
 * fails. */
static bool fit_tasks(const struct task *tasks, size_t n, const struct options *o,
                      struct pool *pool, struct gmm_mixture *x, struct err *e)
{
    if (o->restarts == 1)
        return run_starts(tasks, n, o->em.tolerance, o, pool, x, e);
    return run_starts(tasks, n, fmax(o->em.tolerance, SHORT_TOLERANCE), o, pool, x, e) &&
           run_on(tasks, n, o, pool, x, e);
}

bool fits_one(const struct sample *s, enum series_dir dir, size_t k, const struct options *o,
              struct pool *pool, struct gmm_mixture *x, struct err *e)
{
    *x = (struct gmm_mixture){0};
    if (fit_tasks(&(struct task){s, dir, k}, 1, o, pool, x, e))
        return true;
    mixture_drop(x);
    return false;
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

bool fits_run(const struct side *sides, size_t n_sides, const struct options *o, struct pool *pool,
              struct fits *f, struct err *e)
{
    const size_t ks = o->components.n, n = n_sides * ks;
    struct task *const tasks = mem_alloc(n, sizeof *tasks);
    struct gmm_mixture *const mixtures = mem_zero(n, sizeof *mixtures);

    for (size_t i = 0; i < n; i++)
        tasks[i] =
            (struct task){sides[i / ks].learn, sides[i / ks].dir, o->components.values[i % ks]};
    const bool ok = fit_tasks(tasks, n, o, pool, mixtures, e);
    *f = (struct fits){mem_zero(n, sizeof *f->all), n};
    for (size_t i = 0; i < n; i++) {
        f->all[i] =
            (struct fit){.side = &sides[i / ks], .asked = tasks[i].k, .mixture = mixtures[i]};
        if (ok)
            rate(&f->all[i]);
    }
    free(tasks);
    free(mixtures);
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
