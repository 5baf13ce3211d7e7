#include "em_search.h"

#include "mem.h"
#include "progress.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A step that gains less nats a point ends the run of one start among others: by then it shows
 * which is the best, and that one goes on. */
static const double SHORT_TOLERANCE = 1e-3;

/* A run of EM: from a start, or on from where another ended. */
struct run {
    struct em_task task;
    size_t start;
    double tolerance;
    struct em_mixture mixture; /* k = 0: from a start */
    struct em_fall fall;
};

/* Each start has random numbers of its own, whatever else is fitted. */
static uint64_t stream_of(const struct run *r)
{
    _Static_assert(EM_MOST_COMPONENTS < 1 << 16 && EM_MOST_STARTS < 1 << 16, "fields of a stream");
    return r->task.stream << 32 | (uint64_t)r->task.k << 16 | r->start;
}

static void run_fit(struct run *r, const struct em_search *o, struct pool *pool)
{
    const struct em_data *const data = r->task.data;
    const size_t k = r->task.k < data->n ? r->task.k : data->n;
    struct em_options em = o->em;

    em.tolerance = r->tolerance;
    if (r->mixture.k == 0) {
        struct rng rng = rng_new(o->seed, stream_of(r));
        data->kind->start(data->points, k, em.floor, r->start, &rng, &r->mixture);
    }
    if (em_fit(data, &em, pool, &r->mixture, &r->fall) && r->task.k > data->n)
        r->mixture.exit = EM_DEGENERATE;
}

static bool run_sound(const struct run *r, struct err *e)
{
    if (r->fall.iteration == 0)
        return true;
    return err_set(e,
                   "internal error: %s, %zu components: iteration %llu lowered the log-likelihood "
                   "a point from %.12g to %.12g",
                   r->task.name, r->task.k, (unsigned long long)r->fall.iteration, r->fall.from,
                   r->fall.to);
}

/* Of n runs the best (the first of equals), whose mixture *x takes over. */
static bool best_of(struct run *r, size_t n, struct em_mixture *x, struct err *e)
{
    size_t best = 0;

    for (size_t i = 0; i < n; i++) {
        if (!run_sound(&r[i], e))
            return false;
        if (r[i].mixture.log_likelihood > r[best].mixture.log_likelihood)
            best = i;
    }
    *x = r[best].mixture;
    r[best].mixture = (struct em_mixture){0};
    return true;
}

/* Runs side by side, each in one thread, or one after another, each in all threads. */
struct work {
    struct run *runs;
    size_t n;
    const struct em_search *options;
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

static void run_all(struct run *r, size_t n, const struct em_search *o, struct pool *pool)
{
    struct work w = {.runs = r, .n = n, .options = o};

    w.progress = progress_new(o->progress, "fits", n);
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
        em_mixture_clear(&r[i].mixture);
    free(r);
}

/* The best of all starts of each task into x[task]. */
static bool run_starts(const struct em_task *tasks, size_t n, double tolerance,
                       const struct em_search *o, struct pool *pool, struct em_mixture *x,
                       struct err *e)
{
    const size_t starts = o->starts;
    struct run *const r = mem_zero(n * starts, sizeof *r);
    bool ok = true;

    for (size_t i = 0; i < n * starts; i++)
        r[i] = (struct run){.task = tasks[i / starts], .start = i % starts, .tolerance = tolerance};
    run_all(r, n * starts, o, pool);
    for (size_t i = 0; i < n && ok; i++)
        ok = best_of(r + i * starts, starts, &x[i], e);
    runs_free(r, n * starts);
    return ok;
}

/* Goes on with x[task] to the tolerance that was asked for. */
static bool run_on(const struct em_task *tasks, size_t n, const struct em_search *o,
                   struct pool *pool, struct em_mixture *x, struct err *e)
{
    struct run *const r = mem_zero(n, sizeof *r);
    bool ok = true;

    for (size_t i = 0; i < n; i++) {
        r[i] = (struct run){.task = tasks[i], .tolerance = o->em.tolerance, .mixture = x[i]};
        x[i] = (struct em_mixture){0};
    }
    run_all(r, n, o, pool);
    for (size_t i = 0; i < n && ok; i++)
        ok = best_of(&r[i], 1, &x[i], e);
    runs_free(r, n);
    return ok;
}

bool em_search(const struct em_task *tasks, size_t n, const struct em_search *o, struct pool *pool,
               struct em_mixture *x, struct err *e)
{
    memset(x, 0, n * sizeof *x);
    if (o->starts == 1)
        return run_starts(tasks, n, o->em.tolerance, o, pool, x, e);
    return run_starts(tasks, n, fmax(o->em.tolerance, SHORT_TOLERANCE), o, pool, x, e) &&
           run_on(tasks, n, o, pool, x, e);
}
