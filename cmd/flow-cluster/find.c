#include "find.h"

#include "cloud.h"
#include "em_search.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_AXES = 8,
    MOST_FITTED = 1024, /* rows that fits see, evenly spread */
    STARTS = 16,
};

static const double keep = 0.9;   /* share of the variance that the axes have */
static const double least = 1e-2; /* least variance, of the first axis' */

/* Rows of all, evenly spread; freed by the caller. */
static double *thin(const struct cloud *all, size_t n)
{
    double *const rows = mem_alloc(n * all->dims, sizeof *rows);

    for (size_t i = 0; i < n; i++)
        memcpy(rows + i * all->dims, all->rows + i * all->n / n * all->dims,
               all->dims * sizeof *rows);
    return rows;
}

/* Tells the fits, and gives the one of least BIC; of equals, the first. */
static size_t choose(const struct em_task *tasks, const struct em_mixture *x, size_t n,
                     const struct options *o)
{
    size_t best = 0;

    for (size_t i = 0; i < n; i++) {
        const struct cloud *const c = tasks[i].data->points;
        const double bic = em_bic(tasks[i].data, &x[i]);
        if (o->shared->verbose)
            cli_note(o->shared, "%zu %s component%s: %.6f nats a flow, BIC %.3f", tasks[i].k,
                     c->round ? "round" : "full", tasks[i].k == 1 ? "" : "s", x[i].log_likelihood,
                     bic);
        if (bic < em_bic(tasks[best].data, &x[best]))
            best = i;
    }
    return best;
}

/* The best mixture of all numbers of components, round ones and full ones. */
static bool fit(const struct cloud *all, const struct options *o, struct pool *pool,
                struct em_mixture *best, struct err *e)
{
    const struct em_search search = {
        .em = {.max_iterations = 500, .tolerance = 1e-5, .floor = least},
        .starts = STARTS,
        .seed = o->shared->seed,
        .progress = o->shared->progress};
    const size_t fitted = all->n < MOST_FITTED ? all->n : MOST_FITTED, n = o->clusters.n;
    double *const rows = thin(all, fitted);
    const struct cloud shapes[] = {{rows, fitted, all->dims, true},
                                   {rows, fitted, all->dims, false}};
    const struct em_data data[] = {cloud_data(&shapes[0]), cloud_data(&shapes[1])};
    struct em_task *const tasks = mem_alloc(2 * n, sizeof *tasks);
    struct em_mixture *const mixtures = mem_alloc(2 * n, sizeof *mixtures);

    for (size_t i = 0; i < 2 * n; i++)
        tasks[i] = (struct em_task){
            .data = &data[i / n], .k = o->clusters.values[i % n], .stream = i / n, .name = "flows"};
    const bool ok = em_search(tasks, 2 * n, &search, pool, mixtures, e);
    const size_t chosen = ok ? choose(tasks, mixtures, 2 * n, o) : 0;
    *best = mixtures[chosen];
    mixtures[chosen] = (struct em_mixture){0};
    for (size_t i = 0; i < 2 * n; i++)
        em_mixture_clear(&mixtures[i]);
    free(mixtures);
    free(tasks);
    free(rows);
    return ok;
}

/* A component, the rows it has, and its first one. */
struct part {
    uint32_t component;
    size_t rows, first;
};

static int compare_parts(const void *a, const void *b)
{
    const struct part *const x = a, *const y = b;

    if (x->rows != y->rows)
        return x->rows < y->rows ? 1 : -1;
    return (x->first > y->first) - (x->first < y->first);
}

/* The components, by size; those without rows come last. */
static struct part *order(const uint32_t *component, size_t n, size_t k)
{
    struct part *const parts = mem_zero(k, sizeof *parts);

    for (size_t i = 0; i < k; i++)
        parts[i] = (struct part){.component = (uint32_t)i, .first = n};
    for (size_t i = 0; i < n; i++) {
        struct part *const p = &parts[component[i]];
        p->first = p->rows++ == 0 ? i : p->first;
    }
    qsort(parts, k, sizeof *parts, compare_parts);
    return parts;
}

/* Puts a row among the cluster's typical ones if it is nearer than one of them. */
static void offer(struct cluster *c, double near[MOST_TYPICAL], size_t row, double distance)
{
    size_t at = c->n_typical;

    while (at > 0 && distance < near[at - 1])
        at--;
    if (at == MOST_TYPICAL)
        return;
    if (c->n_typical < MOST_TYPICAL)
        c->n_typical++;
    for (size_t i = c->n_typical - 1; i > at; i--) {
        near[i] = near[i - 1];
        c->typical[i] = c->typical[i - 1];
    }
    near[at] = distance;
    c->typical[at] = row;
}

/* Numbers the clusters by size, and finds what is typical of each. */
static void gather(const struct cloud *all, const struct em_mixture *x, struct found *to)
{
    double(*const near)[MOST_TYPICAL] = mem_alloc(x->k, sizeof *near);
    uint32_t *const number = mem_alloc(x->k, sizeof *number);
    uint32_t *const component = mem_alloc(all->n, sizeof *component);

    cloud_assign(all, x, component);
    struct part *const parts = order(component, all->n, x->k);
    to->all = mem_zero(x->k, sizeof *to->all);
    for (size_t i = 0; i < x->k && parts[i].rows > 0; i++) {
        number[parts[i].component] = (uint32_t)i;
        to->all[to->n++].rows = parts[i].rows;
    }
    for (size_t i = 0; i < all->n; i++) {
        const uint32_t c = number[component[i]];
        offer(&to->all[c], near[c], i, cloud_distance(all, x, component[i], i));
        to->cluster[i] = c;
    }
    free(parts);
    free(near);
    free(number);
    free(component);
}

bool find_clusters(struct flows *f, const struct options *o, struct pool *pool, struct found *to,
                   struct err *e)
{
    double *rows;
    struct em_mixture x;

    *to = (struct found){.cluster = mem_alloc(f->n, sizeof *to->cluster)};
    to->axes = axes_project(f->embeddings, f->n, f->width, keep, MOST_AXES, &rows);
    const struct cloud all = {rows, f->n, to->axes.dims, true};
    const bool ok = fit(&all, o, pool, &x, e);
    if (ok)
        gather(&all, &x, to);
    em_mixture_clear(&x);
    free(rows);
    return ok;
}

void found_free(struct found *f)
{
    free(f->all);
    free(f->cluster);
}
