#include "fits.h"

#include "em_search.h"
#include "mem.h"
#include "plane.h"

#include <stdlib.h>

_Static_assert((size_t)GMM_MAX_COMPONENTS <= (size_t)EM_MOST_COMPONENTS,
               "any that the file can hold can be fitted");

static struct em_search search_of(const struct options *o)
{
    return (struct em_search){.em = o->em,
                              .starts = o->restarts,
                              .seed = o->shared->seed,
                              .progress = o->shared->progress};
}

static struct em_task task_of(const struct em_data *data, enum series_dir dir, size_t k)
{
    return (struct em_task){
        .data = data, .k = k, .stream = (uint64_t)dir, .name = series_dir_name(dir)};
}

bool fits_one(const struct sample *s, enum series_dir dir, size_t k, const struct options *o,
              struct pool *pool, struct em_mixture *x, struct err *e)
{
    const struct em_data data = plane_data(s);
    const struct em_task task = task_of(&data, dir, k);
    const struct em_search search = search_of(o);

    if (em_search(&task, 1, &search, pool, x, e))
        return true;
    em_mixture_clear(x);
    return false;
}

static void rate(struct fit *f, const struct em_data *data)
{
    f->bic = em_bic(data, &f->mixture);
    f->aic = em_aic(data, &f->mixture);
    if (f->side->held_out) {
        const struct em_data held_out = plane_data(f->side->held_out);
        f->held_out = em_log_likelihood(&held_out, &f->mixture);
    }
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
    const struct em_search search = search_of(o);
    struct em_data data[2];
    struct em_task *const tasks = mem_alloc(n, sizeof *tasks);
    struct em_mixture *const mixtures = mem_alloc(n, sizeof *mixtures);

    for (size_t i = 0; i < n_sides; i++)
        data[i] = plane_data(sides[i].learn);
    for (size_t i = 0; i < n; i++)
        tasks[i] = task_of(&data[i / ks], sides[i / ks].dir, o->components.values[i % ks]);
    const bool ok = em_search(tasks, n, &search, pool, mixtures, e);
    *f = (struct fits){mem_zero(n, sizeof *f->all), n};
    for (size_t i = 0; i < n; i++) {
        f->all[i] =
            (struct fit){.side = &sides[i / ks], .asked = tasks[i].k, .mixture = mixtures[i]};
        if (ok)
            rate(&f->all[i], tasks[i].data);
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
        em_mixture_clear(&f->all[i].mixture);
    free(f->all);
    *f = (struct fits){0};
}
