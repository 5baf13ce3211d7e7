#include "measure.h"
#include "transfer.h"
#include "twosample.h"

/* The trees that look at windows: small enough to be read, and whole ones that vote. Chosen on
 * calls against calls and against models of them (doc/figures.md). */
enum { TREE_DEPTH = 4, TREE_LEAF_ROWS = 5, TRANSFER_DEPTH = 8 };

static struct learner tree_of(const struct scale *scale, uint32_t depth)
{
    return (struct learner){1, depth, TREE_LEAF_ROWS, scale->seed};
}

static void test(struct figures *f, enum metric m, const struct series *real,
                 const struct series *synth, bool shuffle, struct learner learner,
                 const struct scale *scale)
{
    const struct twosample_options options = {
        .window = scale->window,
        .most = scale->most_windows,
        .folds = scale->folds,
        .shuffle = shuffle,
        .learner = learner,
    };
    const struct twosample found = twosample_test(real, synth, &options, scale->pool);

    f->at[m][SERIES_BOTH].value = found.accuracy;
    f->at[m][SERIES_BOTH].error = found.error;
}

void measure_windows(struct figures *f, const struct series *real, const struct series *synth,
                     bool and_shuffled, const struct scale *scale)
{
    const struct learner tree = tree_of(scale, TREE_DEPTH);
    const struct learner forest = {scale->trees, MODEL_MAX_DEPTH, 1, scale->seed};

    test(f, M_C2ST_TREE, real, synth, false, tree, scale);
    test(f, M_C2ST_FOREST, real, synth, false, forest, scale);
    if (!and_shuffled)
        return;
    test(f, M_C2ST_TREE_SHUFFLED, real, synth, true, tree, scale);
    test(f, M_C2ST_FOREST_SHUFFLED, real, synth, true, forest, scale);
}

void measure_transfer(struct figures *f, struct figures *floor, const struct series *real,
                      const struct series *synth, const struct scale *scale)
{
    const struct transfer_options options = {
        .window = scale->window,
        .most = scale->most_windows,
        .learner = tree_of(scale, TRANSFER_DEPTH),
    };
    const struct transfer t = transfer_test(real, synth, &options, scale->pool);

    f->at[M_TSTR_ACCURACY][SERIES_BOTH].value = t.synth.accuracy;
    f->at[M_TSTR_ACCURACY][SERIES_BOTH].error = t.error;
    f->at[M_TSTR_MACRO_F1][SERIES_BOTH].value = t.synth.macro_f1;
    f->at[M_TSTR_SHUFFLED_ACCURACY][SERIES_BOTH].value = t.shuffled.accuracy;
    f->at[M_TSTR_SHUFFLED_MACRO_F1][SERIES_BOTH].value = t.shuffled.macro_f1;
    f->at[M_TSTR_MAJORITY_ACCURACY][SERIES_BOTH].value = t.majority.accuracy;
    f->at[M_TSTR_MAJORITY_MACRO_F1][SERIES_BOTH].value = t.majority.macro_f1;
    floor->at[M_TSTR_ACCURACY][SERIES_BOTH].value = t.real.accuracy;
    floor->at[M_TSTR_MACRO_F1][SERIES_BOTH].value = t.real.macro_f1;
}
