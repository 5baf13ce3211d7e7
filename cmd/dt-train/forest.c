#include "forest.h"

#include "cart_tree.h"
#include "mem.h"
#include "progress.h"
#include "rng.h"
#include "select.h"

#include <stdatomic.h>
#include <stdlib.h>

struct forest {
    struct model *model;
    const struct sample *sample;
    const struct ranking *ranking;
    const struct grow_options *grow_options;
    const struct options *options;
    size_t max_leaves;
    struct progress *progress;
    atomic_size_t trees_done;
};

static void grow_tree(void *context, size_t part, unsigned thread)
{
    struct forest *const f = context;
    const struct options *const o = f->options;
    struct rng rng = rng_new(o->shared->seed, part);
    struct grow_options grow_options = *f->grow_options;
    struct pool *const alone = pool_new(1);

    grow_options.seed = rng_u64(&rng);
    struct sample *const drawn = sample_draw(f->sample, o->bootstrap ? &rng : NULL);
    struct grown *const g = grow(drawn, f->ranking, &grow_options, alone, NULL);
    struct selector *const selector = selector_new(g, o, f->model);
    selector_keep(selector, f->max_leaves);
    selector_free(selector);
    f->model->trees[part] = tree_make(g, drawn);
    grown_free(g);
    sample_free(drawn);
    pool_free(alone);
    const size_t done = atomic_fetch_add(&f->trees_done, 1) + 1;
    if (thread == 0)
        progress_at(f->progress, done);
}

void forest_grow(struct model *m, const struct sample *s, const struct ranking *r,
                 const struct grow_options *grow_options, const struct options *o,
                 size_t max_leaves, struct pool *pool)
{
    struct forest f = {
        .model = m,
        .sample = s,
        .ranking = r,
        .grow_options = grow_options,
        .options = o,
        .max_leaves = max_leaves,
        .progress = progress_new(o->shared->progress, "trees", o->trees),
    };

    pool_run(pool, o->trees, grow_tree, &f);
    m->n_trees = o->trees;
    progress_end(f.progress);
}

enum { PART_ROWS = 4096 };

struct check {
    const struct model *model;
    const struct sample *sample;
    const struct ranking *ranking;
    atomic_uint_fast64_t right;
};

static void check_part(void *context, size_t part, unsigned thread)
{
    struct check *const c = context;
    const struct sample *const s = c->sample;
    const size_t first = part * PART_ROWS;
    const size_t end = s->n_rows - first < PART_ROWS ? s->n_rows : first + PART_ROWS;
    uint64_t *const row = mem_alloc(s->n_features, sizeof *row);
    uint64_t *const sums = mem_alloc(s->n_classes, sizeof *sums);
    uint64_t right = 0;

    (void)thread;
    for (size_t i = first; i < end; i++) {
        for (size_t f = 0; f < s->n_features; f++)
            row[f] = c->ranking->values[f][s->ranks[f][i]];
        right += model_predict(c->model, row, sums) == s->labels[i];
    }
    free(row);
    free(sums);
    atomic_fetch_add(&c->right, right);
}

uint64_t forest_right(const struct model *m, const struct sample *s, const struct ranking *r,
                      struct pool *pool)
{
    struct check c = {.model = m, .sample = s, .ranking = r};

    pool_run(pool, (s->n_rows + PART_ROWS - 1) / PART_ROWS, check_part, &c);
    return c.right;
}
