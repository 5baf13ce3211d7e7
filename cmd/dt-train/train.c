#include "train.h"

#include "err.h"
#include "forest.h"
#include "grow.h"
#include "mem.h"
#include "progress.h"
#include "sample.h"
#include "select.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A model of the dataset's features and classes (which move into it), without trees. */
static struct model *model_new(struct dataset *d, const struct options *o)
{
    static const char *const weights[] = {"none", "balanced", "file"};
    struct model *const m = mem_zero(1, sizeof *m);
    const char *const label = o->dataset.label ? o->dataset.label : "class";

    if (asprintf(&m->made, "dt-train%s%s", *o->made ? " " : "", o->made) < 0)
        die("out of memory");
    m->seed = o->shared->seed;
    m->rows = d->n_rows;
    m->label = mem_string(label, strlen(label));
    m->has_missing = o->dataset.has_missing;
    m->missing = o->dataset.missing;
    m->round = o->dataset.round;
    m->weights = mem_string(weights[o->weights], strlen(weights[o->weights]));
    m->features = d->features;
    m->n_features = d->n_features;
    m->classes = d->classes;
    m->n_classes = d->n_classes;
    d->features = NULL;
    d->n_features = 0;
    d->classes = NULL;
    d->n_classes = 0;
    m->trees = mem_zero(o->trees, sizeof *m->trees);
    return m;
}

/* One tree on the sample's own rows, which growing puts in another order. */
static void train_tree(struct model *m, struct sample *s, const struct ranking *r,
                       const struct grow_options *grow_options, const struct options *o,
                       struct pool *pool)
{
    struct progress *const progress = progress_new(o->shared->progress, "rows", s->n_rows);
    struct grown *const g = grow(s, r, grow_options, pool, progress);

    progress_end(progress);
    select_splits(g, o, m);
    m->trees[0] = tree_make(g, s);
    m->n_trees = 1;
    grown_free(g);
}

/* The training rows that stand in a leaf of their class. */
static uint64_t tree_right(const struct tree *t)
{
    uint64_t right = 0;

    for (size_t i = 0; i < t->n_leaves; i++)
        for (size_t k = 0; k < t->leaves[i].n; k++)
            if (t->rows[t->leaves[i].first + k].class_index == t->leaves[i].verdict)
                right += t->rows[t->leaves[i].first + k].rows;
    return right;
}

static size_t tree_depth(const struct tree *t)
{
    size_t *const depth = mem_alloc(t->n_nodes, sizeof *depth);

    for (size_t i = t->n_nodes; i-- > 0;) {
        depth[i] = 0;
        if (t->nodes[i].feature == TREE_LEAF)
            continue;
        const size_t yes = depth[i + 1], no = depth[t->nodes[i].next];
        depth[i] = 1 + (yes > no ? yes : no);
    }
    const size_t n = depth[0];
    free(depth);
    return n;
}

static void summarise(struct summary *summary, const struct model *m)
{
    for (size_t i = 0; i < m->n_trees; i++) {
        const size_t depth = tree_depth(&m->trees[i]);
        summary->leaves += m->trees[i].n_leaves;
        if (depth > summary->depth)
            summary->depth = depth;
    }
}

struct model *train(struct dataset *d, const struct options *o, struct pool *pool,
                    struct summary *summary)
{
    double *const weights = mem_alloc(d->n_classes, sizeof *weights);

    for (size_t i = 0; i < d->n_classes; i++)
        weights[i] = d->classes[i].weight;
    struct criterion *const criterion =
        criterion_new(o->criterion, weights, d->n_classes, d->n_rows);
    const struct grow_options grow_options = {
        .criterion = criterion,
        .max_depth = o->max_depth,
        .min_split = o->min_split,
        .min_leaf = o->min_leaf,
        .max_features = options_max_features(o, d->n_features),
        .seed = o->shared->seed,
    };
    struct ranking ranking;
    struct sample *const s = sample_new(d, &ranking, pool);
    struct model *const m = model_new(d, o);
    const bool forest = o->trees > 1 || o->bootstrap;

    *summary = (struct summary){0};
    if (forest)
        forest_grow(m, s, &ranking, &grow_options, o, pool);
    else
        train_tree(m, s, &ranking, &grow_options, o, pool);
    model_close(m);
    summarise(summary, m);
    summary->right = forest ? forest_right(m, s, &ranking, pool) : tree_right(&m->trees[0]);
    sample_free(s);
    ranking_free(&ranking);
    criterion_free(criterion);
    free(weights);
    return m;
}
