#include "options.h"

#include "cnn.h"
#include "err.h"
#include "feature.h"
#include "file.h"

#include <limits.h>
#include <string.h>

enum key {
    KEY_FEATURES = CLI_LONG,
    KEY_DROP,
    KEY_PLACES,
    KEY_CATEGORIES,
    KEY_LAYERS,
    KEY_MEMBERS,
    KEY_CLASS_WEIGHT,
    KEY_FOCAL,
    KEY_VALIDATION,
    KEY_BY,
    KEY_EPOCHS,
    KEY_PATIENCE,
    KEY_BATCH,
    KEY_RATE,
    KEY_DECAY,
    KEY_AUGMENT,
    KEY_UNKNOWN,
    KEY_CURVE,
    KEY_INIT,
};

static const struct cli_option own_options[] = {
    {'c', "class", "COLUMN", "the column with the classes (default: class, or that of --init)"},
    {KEY_CATEGORIES, "category-map", "FILE",
     "train on categories: a table with columns class,category"},
    {KEY_FEATURES, "features", "LIST",
     "columns that train; len_N stands for len_1, len_2… (default: all features)"},
    {KEY_DROP, "drop", "LIST", "columns to leave out"},
    {KEY_PLACES, "first-packets", "N", "look at N packets (default: all that the table has)"},
    {KEY_LAYERS, "layers", "TEXT",
     "what the network is made of, but for its last layer\n(default: by what the table has)"},
    {KEY_MEMBERS, "members", "M",
     "networks that answer together (default: 5 below 5,000 rows, else 1)"},
    {KEY_INIT, "init", "MODEL", "go on from a model; new classes are added to its own"},
    {KEY_CLASS_WEIGHT, "class-weight", "none|balanced|FILE",
     "weight of a row by its class; FILE: a table\nwith columns class,weight"},
    {KEY_FOCAL, "focal", "G",
     "focal loss: what is known well already counts for less\n(default 0: cross entropy)"},
    {KEY_VALIDATION, "validation", "R",
     "share of the rows that only say when to stop (default 0.2)"},
    {KEY_BY, "by", "WHAT",
     "rows that stay together there (default flow): columns\n(flow, file, or COLUMN,…), or row"},
    {KEY_EPOCHS, "epochs", "N", "at most (default 200)"},
    {KEY_PATIENCE, "patience", "N",
     "epochs without a better validation loss before it stops\n(default 20; 0: all run, and the "
     "last one counts)"},
    {KEY_BATCH, "batch", "N", "rows of a step (default 64)"},
    {KEY_RATE, "lr", "X", "learning rate of Adam (default 0.001)"},
    {KEY_DECAY, "decay", "X", "weight decay (default 0)"},
    {KEY_AUGMENT, "augment", "P",
     "share of the rows that are cut short and stretched in time\nwhenever they train (default 0)"},
    {KEY_UNKNOWN, "unknown-rate", "R",
     "share of known flows that may count as unknown (default 0.05)"},
    {KEY_CURVE, "curve", "FILE", "write the losses of each epoch"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]…",
    .summary =
        "Learns to classify flows by their first packets and their statistics: a convolutional\n"
        "network, which also knows which flows it does not know.",
    .example = "cnn-train --by=file flows.csv > app.cnn",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_SEED | CLI_THREADS | CLI_PROGRESS,
};

static void take_weights(struct options *o, const struct cli *c)
{
    const char *const value = cli_value(c);

    o->balanced = strcmp(value, "balanced") == 0;
    o->weights = o->balanced || strcmp(value, "none") == 0 ? NULL : value;
}

static bool take_training(struct options *o, const struct cli *c, int key)
{
    switch (key) {
    case KEY_CLASS_WEIGHT:
        take_weights(o, c);
        return true;
    case KEY_FOCAL:
        o->focal = cli_f64(c, 0, 10);
        return true;
    case KEY_EPOCHS:
        o->epochs = (unsigned)cli_u64(c, 1, UINT_MAX);
        return true;
    case KEY_PATIENCE:
        o->patience = (unsigned)cli_u64(c, 0, UINT_MAX);
        return true;
    case KEY_MEMBERS:
        o->members = cli_u64(c, 1, CNN_MOST_MEMBERS);
        return true;
    case KEY_BATCH:
        o->batch = cli_u64(c, 1, 65536);
        return true;
    case KEY_RATE:
        o->rate = cli_f64(c, 1e-9, 10);
        return true;
    case KEY_DECAY:
        o->decay = cli_f64(c, 0, 10);
        return true;
    case KEY_AUGMENT:
        o->augment = cli_f64(c, 0, 1);
        return true;
    default:
        return false;
    }
}

static void take_option(struct options *o, const struct cli *c, int key)
{
    if (take_training(o, c, key))
        return;
    switch (key) {
    case 'c':
        o->label = cli_value(c);
        break;
    case KEY_CATEGORIES:
        o->categories = cli_value(c);
        break;
    case KEY_FEATURES:
        o->features = cli_value(c);
        break;
    case KEY_DROP:
        o->drop = cli_value(c);
        break;
    case KEY_PLACES:
        o->places = cli_u64(c, 1, FEATURE_PLACES);
        break;
    case KEY_LAYERS:
        o->layers = cli_value(c);
        break;
    case KEY_VALIDATION:
        o->validation = cli_f64(c, 0, 0.49);
        break;
    case KEY_BY:
        o->by = cli_value(c);
        if (strcmp(o->by, "time") == 0)
            cli_bad_value(c, "is not among the ways to part the rows here");
        break;
    case KEY_UNKNOWN:
        o->unknown = cli_f64(c, 0, 1);
        break;
    case KEY_CURVE:
        o->curve = cli_value(c);
        break;
    default:
        o->init = cli_value(c);
        break;
    }
}

static bool from_input(const char *path)
{
    return path && file_is_standard(path);
}

/* What is written is nothing that is read. */
static void check_outputs(const struct options *o, const struct cli *c)
{
    const char *const inputs[] = {o->init, o->categories, o->weights};

    cli_not_output(c, "curve", o->curve);
    for (size_t i = 0; i < o->n_files; i++)
        cli_not_input("curve", o->curve, o->files[i]);
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        cli_not_input("output", o->shared->output, inputs[i]);
        cli_not_input("curve", o->curve, inputs[i]);
    }
}

struct options options_parse(struct cli *c)
{
    struct options o = {
        .validation = 0.2,
        .by = "flow",
        .epochs = 200,
        .patience = 20,
        .batch = 64,
        .rate = 1e-3,
        .unknown = 0.05,
    };

    for (int key; (key = cli_next(c)) != CLI_END;)
        take_option(&o, c, key);
    o.n_files = cli_operands(c, &o.files);
    o.shared = cli_shared(c);
    if (o.init && (o.layers || o.features || o.drop || o.places || o.members))
        die_usage("--init brings its own columns and layers: no --layers, --members, --features, "
                  "--drop or --first-packets");
    int inputs =
        (o.n_files == 0) + from_input(o.init) + from_input(o.categories) + from_input(o.weights);
    for (size_t i = 0; i < o.n_files; i++)
        inputs += from_input(o.files[i]);
    if (inputs > 1)
        die_usage("only one file can be standard input");
    check_outputs(&o, c);
    o.made = cli_recorded(c);
    return o;
}
