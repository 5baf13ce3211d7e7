#include "learn.h"

#include "cart_criterion.h"
#include "cart_grow.h"
#include "cart_sample.h"
#include "cart_tree.h"
#include "dataset.h"
#include "mem.h"
#include "pool.h"
#include "rng.h"

#include <math.h>
#include <stdlib.h>

struct examples examples_new(size_t n, size_t width, size_t n_classes)
{
    return (struct examples){
        .n = n,
        .width = width,
        .n_classes = n_classes,
        .values = mem_alloc(n * width, sizeof(uint64_t)),
        .labels = mem_alloc(n, sizeof(uint32_t)),
    };
}

void examples_destroy(struct examples *x)
{
    free(x->values);
    free(x->labels);
}

/* The rows by column, and a model that has no trees yet. */
static struct dataset *gather(const struct examples *x, const uint32_t *rows, size_t n)
{
    struct dataset *const d = mem_zero(1, sizeof *d);

    d->n_rows = n;
    d->n_features = x->width;
    d->n_classes = x->n_classes;
    d->features = mem_zero(x->width, sizeof *d->features);
    d->classes = mem_zero(x->n_classes, sizeof *d->classes);
    d->columns = mem_zero(x->width, sizeof *d->columns);
    d->labels = mem_alloc(n, sizeof *d->labels);
    for (size_t c = 0; c < x->n_classes; c++)
        d->classes[c].weight = 1;
    for (size_t i = 0; i < n; i++) {
        d->labels[i] = x->labels[rows[i]];
        d->classes[d->labels[i]].rows++;
    }
    for (size_t f = 0; f < x->width; f++) {
        d->columns[f] = mem_alloc(n, sizeof **d->columns);
        for (size_t i = 0; i < n; i++)
            d->columns[f][i] = x->values[rows[i] * x->width + f];
    }
    return d;
}

static struct model *model_without_trees(struct dataset *d, size_t trees)
{
    struct model *const m = mem_zero(1, sizeof *m);

    m->rows = d->n_rows;
    m->features = d->features;
    m->n_features = d->n_features;
    m->classes = d->classes;
    m->n_classes = d->n_classes;
    m->trees = mem_zero(trees, sizeof *m->trees);
    d->features = NULL;
    d->n_features = 0;
    d->classes = NULL;
    d->n_classes = 0;
    return m;
}

static void add_tree(struct model *m, struct sample *s, const struct ranking *r,
                     const struct grow_options *options, struct pool *alone)
{
    struct grown *const g = grow(s, r, options, alone, NULL);

    m->trees[m->n_trees++] = tree_make(g, s);
    grown_free(g);
}

static void add_forest(struct model *m, const struct sample *s, const struct ranking *r,
                       struct grow_options options, const struct learner *how, struct pool *alone)
{
    options.max_features = (size_t)sqrt((double)s->n_features);
    for (size_t i = 0; i < how->trees; i++) {
        struct rng rng = rng_new(how->seed, i);
        options.seed = rng_u64(&rng);
        struct sample *const drawn = sample_draw(s, &rng);
        add_tree(m, drawn, r, &options, alone);
        sample_free(drawn);
    }
}

struct model *learn(const struct examples *x, const uint32_t *rows, size_t n,
                    const struct learner *how)
{
    struct pool *const alone = pool_new(1);
    struct dataset *const d = gather(x, rows, n);
    struct criterion *const criterion =
        criterion_new(CRITERION_GINI, d->classes, d->n_classes, d->n_rows);
    const struct grow_options options = {
        .criterion = criterion,
        .max_depth = how->max_depth,
        .min_split = 2,
        .min_leaf = how->min_leaf,
        .max_features = x->width,
        .seed = how->seed,
    };
    struct ranking ranking;
    struct sample *const s = sample_new(d, &ranking, alone);
    struct model *const m = model_without_trees(d, how->trees);

    if (how->trees == 1)
        add_tree(m, s, &ranking, &options, alone);
    else
        add_forest(m, s, &ranking, options, how, alone);
    model_close(m);
    sample_free(s);
    ranking_free(&ranking);
    criterion_free(criterion);
    dataset_free(d);
    pool_free(alone);
    return m;
}

void learnt_say(const struct model *m, const struct examples *x, const uint32_t *rows, size_t n,
                uint32_t *verdicts)
{
    uint64_t *const sums = mem_alloc(m->n_classes, sizeof *sums);

    for (size_t i = 0; i < n; i++)
        verdicts[i] = model_predict(m, x->values + rows[i] * x->width, sums);
    free(sums);
}
