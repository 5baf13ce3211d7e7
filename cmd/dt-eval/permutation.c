#include "figures.h"
#include "importance.h"
#include "mem.h"
#include "pool.h"
#include "predictor.h"
#include "progress.h"
#include "rng.h"
#include "rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 64 }; /* that are judged at once */

/* What a shuffle costs. */
struct loss {
    double accuracy, macro_f1;
};

struct work {
    const struct model *m;
    struct predictor *predictor;
    const struct rows *rows;
    const struct score *classes; /* names to numbers, as rows->truth has them */
    uint64_t repeats, seed;
    double accuracy, macro_f1; /* before */
    struct loss *losses;       /* a feature, a repeat; 0 for features that no split asks for */
    size_t feature;            /* that is being shuffled */
};

/* A few rows with the feature's values taken from the rows in `order` instead (NULL: their own). */
static void copy_rows(const struct work *w, size_t first, size_t n, size_t feature,
                      const uint32_t *order, uint64_t *to)
{
    const size_t width = w->m->n_features;

    memcpy(to, w->rows->values + first * width, n * width * sizeof *to);
    for (size_t i = 0; i < n && order; i++)
        to[i * width + feature] = w->rows->values[order[first + i] * width + feature];
}

/* The scores with a feature's values in this order. */
static struct loss judge(const struct work *w, size_t feature, const uint32_t *order)
{
    uint64_t *const values = mem_alloc(ROWS * w->m->n_features, sizeof *values);
    uint32_t *const votes = mem_alloc(ROWS * w->m->n_classes, sizeof *votes);
    uint32_t verdicts[ROWS];
    struct score *const s = score_new_like(w->classes);

    for (size_t first = 0; first < w->rows->n; first += ROWS) {
        const size_t n = w->rows->n - first < ROWS ? w->rows->n - first : ROWS;
        copy_rows(w, first, n, feature, order, values);
        predictor_rows(w->predictor, values, n, verdicts, w->m->n_trees > 1 ? votes : NULL);
        for (size_t i = 0; i < n; i++)
            score_add(s, w->rows->truth[first + i], verdicts[i], 1);
    }
    const struct loss scores = {score_accuracy(s), score_macro_f1(s)};
    score_free(s);
    free(votes);
    free(values);
    return scores;
}

static bool feature_used(const struct model *m, size_t feature)
{
    for (size_t i = 0; i < m->n_trees; i++)
        for (size_t k = 0; k < m->trees[i].n_nodes; k++)
            if (m->trees[i].nodes[k].feature == feature)
                return true;
    return false;
}

static void shuffle_and_judge(void *context, size_t part, unsigned thread)
{
    const struct work *const w = context;
    const uint64_t shuffle = w->feature * w->repeats + part;
    struct rng rng = rng_new(w->seed, shuffle);

    (void)thread;
    uint32_t *const order = mem_alloc(w->rows->n, sizeof *order);
    for (uint32_t i = 0; i < w->rows->n; i++)
        order[i] = i;
    rng_shuffle(&rng, order, w->rows->n);
    const struct loss after = judge(w, w->feature, order);
    w->losses[shuffle] = (struct loss){w->accuracy - after.accuracy, w->macro_f1 - after.macro_f1};
    free(order);
}

/* Mean and standard deviation of both losses of a feature: four figures. */
static void summarise(const struct loss *losses, size_t n, double *to)
{
    double sum[2] = {0}, squares[2] = {0};

    for (size_t i = 0; i < n; i++) {
        sum[0] += losses[i].accuracy;
        sum[1] += losses[i].macro_f1;
    }
    for (size_t i = 0; i < n; i++) {
        squares[0] += pow(losses[i].accuracy - sum[0] / (double)n, 2);
        squares[1] += pow(losses[i].macro_f1 - sum[1] / (double)n, 2);
    }
    for (size_t k = 0; k < 2; k++) {
        to[2 * k] = sum[k] / (double)n;
        to[2 * k + 1] = sqrt(squares[k] / (double)n);
    }
}

static void measure(struct work *w, const struct options *o, struct out *out)
{
    static char *const heads[] = {"accuracy", "accuracy_std", "macro_f1", "macro_f1_std"};
    const size_t n_features = w->m->n_features;
    struct pool *const pool = pool_new(o->shared->threads);
    struct progress *const progress = progress_new(o->shared->progress, "features", n_features);
    double *const values = mem_alloc(n_features * 4, sizeof *values);

    w->predictor = predictor_new(w->m);
    const struct loss before = judge(w, 0, NULL);
    w->accuracy = before.accuracy;
    w->macro_f1 = before.macro_f1;
    w->losses = mem_zero(n_features * w->repeats, sizeof *w->losses);
    for (size_t f = 0; f < n_features; f++) {
        w->feature = f;
        if (feature_used(w->m, f))
            pool_run(pool, w->repeats, shuffle_and_judge, w);
        summarise(w->losses + f * w->repeats, w->repeats, values + 4 * f);
        progress_at(progress, f + 1);
    }
    progress_end(progress);
    const struct figures figures = {
        .m = w->m, .heads = heads, .n = 4, .values = values, .format = o->shared->format};
    figures_write(&figures, out);
    free(w->losses);
    predictor_free(w->predictor);
    free(values);
    pool_free(pool);
}

bool permutation_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    struct rows rows = {0};
    struct score *const classes = rows_score(in->model);
    struct work w = {.m = in->model,
                     .rows = &rows,
                     .classes = classes,
                     .repeats = o->repeats,
                     .seed = o->shared->seed};

    bool ok = rows_read(&rows, in, classes, UINT32_MAX, e);
    if (ok && rows.n == 0)
        ok = err_set(e, "%s: has no rows to judge the model by", table_path(in->table));
    if (ok) {
        measure(&w, o, out);
        input_note(in, o);
    }
    score_free(classes);
    rows_free(&rows);
    return ok;
}
