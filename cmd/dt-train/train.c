#include "train.h"

#include "cart_grow.h"
#include "cart_sample.h"
#include "cart_tree.h"
#include "fit_entries.h"
#include "forest.h"
#include "mem.h"
#include "progress.h"
#include "select.h"
#include "suggest.h"

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

/* All that it takes to make trees of a given size. */
struct training {
    const struct options *options;
    const struct grow_options *grow_options;
    struct sample *sample;
    const struct ranking *ranking;
    struct pool *pool;
    struct grown *grown;       /* the one tree, once it has been grown; forests are grown anew */
    struct selector *selector; /* of its splits */
};

static bool is_forest(const struct options *o)
{
    return o->trees > 1 || o->bootstrap;
}

static void drop_trees(struct model *m)
{
    while (m->n_trees > 0)
        tree_destroy(&m->trees[--m->n_trees]);
}

static void make_trees(void *context, struct model *m, size_t max_leaves)
{
    struct training *const t = context;

    drop_trees(m);
    if (is_forest(t->options)) {
        forest_grow(m, t->sample, t->ranking, t->grow_options, t->options, max_leaves, t->pool);
        return;
    }
    selector_keep(t->selector, max_leaves);
    m->trees[0] = tree_make(t->grown, t->sample);
    m->n_trees = 1;
}

/* Grows a tree on the sample's own rows, which that puts in another order. */
static void grow_tree(struct training *t, const struct model *m)
{
    struct progress *const progress =
        progress_new(t->options->shared->progress, "rows", t->sample->n_rows);

    t->grown = grow(t->sample, t->ranking, t->grow_options, t->pool, progress);
    progress_end(progress);
    t->selector = selector_new(t->grown, t->options, m);
}

static bool find_default(const struct model *m, const char *name, uint32_t *class_index,
                         struct err *e)
{
    struct suggest s = {0};
    char near[256];

    for (size_t i = 0; i < m->n_classes; i++) {
        *class_index = (uint32_t)i;
        if (strcmp(m->classes[i].name, name) == 0)
            return true;
        suggest_offer(&s, name, m->classes[i].name);
    }
    return err_set(e, "--default-class: '%s' is not a class of the table%s", name,
                   suggest_text(&s, near, sizeof near));
}

static bool make_model(struct training *t, struct model *m, struct summary *summary, struct err *e)
{
    const struct options *const o = t->options;
    struct entries_options entries = o->entries;

    if (o->default_class && !find_default(m, o->default_class, &entries.default_class, e))
        return false;
    if (!is_forest(o))
        grow_tree(t, m);
    if (o->max_entries == UINT64_MAX) {
        make_trees(t, m, o->max_leaves);
        model_close(m);
        return true;
    }
    const size_t most = t->selector ? selector_all(t->selector) : t->sample->n_rows;
    if (!fit_entries(m, o->max_entries, &entries, o->max_leaves < most ? o->max_leaves : most,
                     make_trees, t, e))
        return false;
    summary->entries = entries_count(m, &entries);
    return true;
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
                    struct summary *summary, struct err *e)
{
    struct criterion *const criterion =
        criterion_new(o->criterion, d->classes, d->n_classes, d->n_rows);
    const struct grow_options grow_options = {
        .criterion = criterion,
        .max_depth = o->max_depth,
        .min_split = o->min_split,
        .min_leaf = o->min_leaf,
        .max_features = options_max_features(o, d->n_features),
        .seed = o->shared->seed,
        .cut = o->cut,
    };
    struct ranking ranking;
    struct sample *const s = sample_new(d, &ranking, pool);
    struct training t = {
        .options = o,
        .grow_options = &grow_options,
        .sample = s,
        .ranking = &ranking,
        .pool = pool,
    };
    struct model *m = model_new(d, o);

    *summary = (struct summary){0};
    if (make_model(&t, m, summary, e)) {
        summarise(summary, m);
        summary->right =
            is_forest(o) ? forest_right(m, s, &ranking, pool) : tree_right(&m->trees[0]);
    } else {
        model_free(m);
        m = NULL;
    }
    selector_free(t.selector);
    grown_free(t.grown);
    sample_free(s);
    ranking_free(&ranking);
    criterion_free(criterion);
    return m;
}
