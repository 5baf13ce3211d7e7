#include "options.h"

#include "err.h"
#include "mem.h"
#include "model.h"
#include "num.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum key {
    KEY_CRITERION = CLI_LONG,
    KEY_CLASS_WEIGHT,
    KEY_MAX_DEPTH,
    KEY_MIN_SPLIT,
    KEY_MIN_LEAF,
    KEY_MAX_LEAVES,
    KEY_CCP_ALPHA,
    KEY_SPEND,
    KEY_NO_MERGE,
    KEY_TREES,
    KEY_MAX_FEATURES,
    KEY_BOOTSTRAP,
    KEY_NO_BOOTSTRAP,
    KEY_CUT,
    KEY_MAX_ENTRIES,
    KEY_ENCODING,
    KEY_DEFAULT_CLASS,
    KEY_NO_DEFAULT_CLASS,
    KEY_FEATURES,
    KEY_DROP,
    KEY_ROUND,
    KEY_MISSING,
};

static const struct cli_option own_options[] = {
    {'c', "class", "COLUMN", "the column with the classes (default: class)"},
    {KEY_FEATURES, "features", "LIST", "columns that train, in key order (default: all features)"},
    {KEY_DROP, "drop", "LIST", "columns to leave out"},
    {KEY_ROUND, "round", "floor|nearest", "take decimals, rounded (default: refuse them)"},
    {KEY_MISSING, "missing", "VALUE", "what empty fields stand for (default: refuse them)"},
    {KEY_CRITERION, "criterion", "gini|entropy", "impurity that splits reduce (default: gini)"},
    {KEY_CLASS_WEIGHT, "class-weight", "none|balanced|FILE",
     "weight of a row by its class; FILE: a table\nwith columns class,weight"},
    {KEY_MAX_DEPTH, "max-depth", "N", "splits on a path (default: no limit)"},
    {KEY_MIN_SPLIT, "min-split", "N", "rows a node needs to be split (default 2)"},
    {KEY_MIN_LEAF, "min-leaf", "N", "rows a leaf needs (default 1)"},
    {KEY_MAX_LEAVES, "max-leaves", "N", "leaves of a tree, best splits first (default: no limit)"},
    {KEY_CCP_ALPHA, "ccp-alpha", "X", "prune by cost-complexity (default 0: no pruning)"},
    {KEY_SPEND, "spend", "auto|gain|errors",
     "what a budget of leaves or entries goes to: splits of the\ngreatest gain, or those that "
     "leave the fewest errors"},
    {KEY_NO_MERGE, "no-merge", NULL, "keep leaves apart whose split changes no verdict"},
    {KEY_CUT, "cut", "geometric|middle|round",
     "where between two values a threshold lies: halfway\non a logarithmic scale (default) or a "
     "linear "
     "one, or\nwhere the fewest prefixes describe it"},
    {KEY_MAX_ENTRIES, "max-entries", "N",
     "entries of the switch tables (default: no limit), counted\nas dt2p4entries does with:"},
    {KEY_ENCODING, "encoding", "range|coded|ternary", "how tables match (default: range)"},
    {KEY_DEFAULT_CLASS, "default-class", "[NAME]",
     "the class of rows that no entry matches\n(default: the one that needs the fewest entries)"},
    {KEY_NO_DEFAULT_CLASS, "no-default-class", NULL, "every row matches an entry"},
    {KEY_TREES, "trees", "N", "a forest of N trees (default 1: one tree)"},
    {KEY_MAX_FEATURES, "max-features", "N|sqrt|log2|all|X",
     "features that a split chooses from; X: a fraction\n(default: all; in a forest sqrt)"},
    {KEY_BOOTSTRAP, "bootstrap", NULL, "each tree on rows drawn anew (default in a forest)"},
    {KEY_NO_BOOTSTRAP, "no-bootstrap", NULL, "each tree on all rows"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]",
    .summary =
        "Learns a decision tree or a forest from a table of integers with a class a row, for\n"
        "classifiers that run inside a network.",
    .example = "dt-train --max-leaves=64 train.csv > app.tree",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_SEED | CLI_THREADS | CLI_PROGRESS,
};

static void parse_class_weight(struct options *o, const struct cli *c)
{
    const char *const value = cli_value(c);

    o->weights_file = NULL;
    if (strcmp(value, "none") == 0) {
        o->weights = WEIGHTS_NONE;
    } else if (strcmp(value, "balanced") == 0) {
        o->weights = WEIGHTS_BALANCED;
    } else {
        o->weights = WEIGHTS_FILE;
        o->weights_file = value;
    }
}

static void parse_max_features(struct options *o, const struct cli *c)
{
    static const char *const names[] = {"all", "sqrt", "log2", NULL};
    const char *const value = cli_value(c);

    if (value[0] < '0' || value[0] > '9') {
        o->max_features = MAX_FEATURES_ALL + (enum max_features_kind)cli_choice(c, names);
    } else if (strchr(value, '.')) {
        o->max_features = MAX_FEATURES_FRACTION;
        o->max_features_fraction = cli_f64(c, 0, 1);
    } else {
        o->max_features = MAX_FEATURES_NUMBER;
        o->max_features_number = cli_u64(c, 1, MODEL_MAX_FEATURES);
    }
}

static bool parse_limit(struct options *o, const struct cli *c, int key)
{
    static const char *const spends[] = {"auto", "gain", "errors", NULL};

    switch (key) {
    case KEY_SPEND:
        o->spend = (enum spend_kind)cli_choice(c, spends);
        return true;
    case KEY_MAX_DEPTH:
        o->max_depth = (uint32_t)cli_u64(c, 1, MODEL_MAX_DEPTH);
        return true;
    case KEY_MIN_SPLIT:
        o->min_split = (uint32_t)cli_u64(c, 2, UINT32_MAX);
        return true;
    case KEY_MIN_LEAF:
        o->min_leaf = (uint32_t)cli_u64(c, 1, UINT32_MAX);
        return true;
    case KEY_MAX_LEAVES:
        o->max_leaves = cli_u64(c, 1, UINT32_MAX);
        return true;
    case KEY_CCP_ALPHA:
        o->ccp_alpha = cli_f64(c, 0, HUGE_VAL);
        return true;
    case KEY_NO_MERGE:
        o->merge = false;
        return true;
    default:
        return false;
    }
}

static bool parse_dataset(struct dataset_options *d, const struct cli *c, int key)
{
    static const char *const rounds[] = {"floor", "nearest", NULL};

    switch (key) {
    case 'c':
        d->label = cli_value(c);
        return true;
    case KEY_FEATURES:
        d->features = cli_value(c);
        return true;
    case KEY_DROP:
        d->drop = cli_value(c);
        return true;
    case KEY_ROUND:
        d->round = ROUND_FLOOR + (enum model_round)cli_choice(c, rounds);
        return true;
    case KEY_MISSING:
        d->has_missing = true;
        d->missing = cli_u64(c, 0, INT64_MAX);
        return true;
    default:
        return false;
    }
}

static bool parse_entries(struct options *o, const struct cli *c, int key)
{
    switch (key) {
    case KEY_MAX_ENTRIES:
        o->max_entries = cli_u64(c, 1, ENTRIES_MAX);
        return true;
    case KEY_ENCODING:
        o->entries.encoding = (enum entries_encoding)cli_choice(c, entries_encoding_names);
        return true;
    case KEY_DEFAULT_CLASS:
        o->default_class = cli_value(c);
        o->entries.mode = o->default_class ? BOXES_GIVEN : BOXES_BEST;
        return true;
    case KEY_NO_DEFAULT_CLASS:
        o->default_class = NULL;
        o->entries.mode = BOXES_DISJOINT;
        return true;
    default:
        return false;
    }
}

/* Options whose default depends on others. */
struct given {
    bool bootstrap, cut;
};

static void parse_option(struct options *o, const struct cli *c, int key, struct given *given)
{
    static const char *const criteria[] = {"gini", "entropy", NULL};
    static const char *const cuts[] = {"geometric", "middle", "round", NULL};

    if (parse_limit(o, c, key) || parse_dataset(&o->dataset, c, key) || parse_entries(o, c, key))
        return;
    switch (key) {
    case KEY_CRITERION:
        o->criterion = (enum criterion_kind)cli_choice(c, criteria);
        break;
    case KEY_CUT:
        o->cut = (enum cut_kind)cli_choice(c, cuts);
        given->cut = true;
        break;
    case KEY_CLASS_WEIGHT:
        parse_class_weight(o, c);
        break;
    case KEY_TREES:
        o->trees = cli_u64(c, 1, MODEL_MAX_TREES);
        break;
    case KEY_MAX_FEATURES:
        parse_max_features(o, c);
        break;
    default:
        o->bootstrap = key == KEY_BOOTSTRAP;
        given->bootstrap = true;
        break;
    }
}

void options_parse(struct options *o, struct cli *c)
{
    struct given given = {0};

    *o = (struct options){
        .max_depth = MODEL_MAX_DEPTH,
        .min_split = 2,
        .min_leaf = 1,
        .max_leaves = SIZE_MAX,
        .merge = true,
        .trees = 1,
        .max_entries = UINT64_MAX,
        .entries = {.mode = BOXES_BEST},
    };
    for (int key; (key = cli_next(c)) != CLI_END;)
        parse_option(o, c, key, &given);
    if (!given.bootstrap)
        o->bootstrap = o->trees > 1;
    if (!given.cut && o->entries.encoding != ENCODING_RANGE)
        o->cut = CUT_ROUND;
    if (o->default_class && o->trees > 1)
        die_usage("a forest's default is votes, not a class: --default-class without a name");
    o->file = cli_file(c);
    o->shared = cli_shared(c);
    cli_not_input("output", o->shared->output, o->weights_file);
    o->made = cli_recorded(c);
}

size_t options_max_features(const struct options *o, size_t n)
{
    size_t wanted = n;

    switch (o->max_features) {
    case MAX_FEATURES_DEFAULT:
        wanted = o->trees > 1 ? (size_t)sqrt((double)n) : n;
        break;
    case MAX_FEATURES_ALL:
        break;
    case MAX_FEATURES_SQRT:
        wanted = (size_t)sqrt((double)n);
        break;
    case MAX_FEATURES_LOG2:
        wanted = (size_t)log2((double)n);
        break;
    case MAX_FEATURES_NUMBER:
        wanted = o->max_features_number;
        break;
    case MAX_FEATURES_FRACTION:
        wanted = (size_t)(o->max_features_fraction * (double)n);
        break;
    }
    if (wanted > n)
        die_usage("--max-features: %zu, and there are %zu features", wanted, n);
    return wanted ? wanted : 1;
}
