/* The command line of dt-train. */
#ifndef WEIR_DT_TRAIN_OPTIONS_H
#define WEIR_DT_TRAIN_OPTIONS_H

#include "cart_criterion.h"
#include "cart_grow.h"
#include "cli.h"
#include "dataset.h"
#include "entries.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum weights_kind {
    WEIGHTS_NONE,
    WEIGHTS_BALANCED,
    WEIGHTS_FILE,
};

enum max_features_kind {
    MAX_FEATURES_DEFAULT, /* all for a tree, the square root for a forest */
    MAX_FEATURES_ALL,
    MAX_FEATURES_SQRT,
    MAX_FEATURES_LOG2,
    MAX_FEATURES_NUMBER,
    MAX_FEATURES_FRACTION,
};

/* Which splits a budget of leaves or entries goes to, in a tree that merges leaves. */
enum spend_kind {
    SPEND_AUTO,
    SPEND_GAIN,   /* the greatest gains, best-first */
    SPEND_ERRORS, /* those that leave the fewest errors */
};

struct options {
    struct dataset_options dataset;
    enum criterion_kind criterion;
    enum weights_kind weights;
    const char *weights_file;
    uint32_t max_depth;
    uint32_t min_split;
    uint32_t min_leaf;
    size_t max_leaves; /* SIZE_MAX: no limit */
    double ccp_alpha;
    enum spend_kind spend;
    bool merge; /* leaves with one verdict into one; only in a tree */
    size_t trees;
    enum max_features_kind max_features;
    size_t max_features_number;
    double max_features_fraction;
    bool bootstrap;
    enum cut_kind cut;
    uint64_t max_entries; /* UINT64_MAX: no limit */
    struct entries_options entries;
    const char *default_class; /* its name; NULL: the mode says it all */
    const char *file;          /* NULL: standard input */
    const struct cli_shared_values *shared;
    char *made; /* the options as the model file keeps them */
};

/* Ends the program where the command line is wrong. */
void options_parse(struct options *o, struct cli *c);
extern const struct cli_spec options_spec;

/* How many features a split chooses from: 1..n. Ends the program where the number asked for is
 * above n. */
size_t options_max_features(const struct options *o, size_t n);

#endif
