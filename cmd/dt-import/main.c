/* dt-import: trees that other programs trained, as a model. */
#include "cli.h"
#include "err.h"
#include "file.h"
#include "import.h"
#include "mem.h"
#include "model.h"
#include "out.h"
#include "textbuf.h"

#include <stdlib.h>
#include <string.h>

enum key {
    KEY_FEATURES = CLI_LONG,
    KEY_CLASSES,
    KEY_BASE_SCORE,
    KEY_BITS,
    KEY_LABEL,
};

static const struct cli_option own_options[] = {
    {KEY_FEATURES, "features", "NAME,…",
     "the features, in order, where the file does not say them"},
    {KEY_CLASSES, "classes", "NAME,…", "the classes, in order, likewise (default 0,1…)"},
    {KEY_BASE_SCORE, "base-score", "P",
     "of a dump of XGBoost's with two classes, which does not say it\n(default 0.5)"},
    {KEY_BITS, "bits", "N", "of features that weir-features(7) does not have (default 32)"},
    {'c', "class", "NAME", "the model's class column (default class)"},
    {0, NULL, NULL, NULL},
};

static const struct cli_spec spec = {
    .synopsis = "[options] [FILE]",
    .summary = "Turns trees of scikit-learn, XGBoost or LightGBM into a model.",
    .example = "dt-import --classes=chat,voice,web booster.json > app.tree",
    .options = own_options,
    .shared = CLI_OUTPUT,
};

static void take_option(const struct cli *c, int key, struct import_options *o)
{
    switch (key) {
    case KEY_FEATURES:
        o->features = cli_value(c);
        break;
    case KEY_CLASSES:
        o->classes = cli_value(c);
        break;
    case KEY_BASE_SCORE:
        o->base_score = cli_f64(c, 1e-9, 1 - 1e-9);
        break;
    case KEY_BITS:
        o->bits = (unsigned)cli_u64(c, 1, 63);
        break;
    default:
        o->label = cli_value(c);
    }
}

static struct model *read_model(const char *path, const struct import_options *o,
                                const struct cli_shared_values *shared, struct err *e)
{
    struct import_counts counts;
    size_t n;
    char *const text = file_read(path, &n, e);
    struct import *const x = text ? import_read(text, n, file_name(path), o, e) : NULL;
    struct model *const m = x ? import_model(x, o, &counts, file_name(path), e) : NULL;

    if (m) {
        size_t leaves = 0;
        for (size_t i = 0; i < m->n_trees; i++)
            leaves += m->trees[i].n_leaves;
        cli_note(shared, "%s: %zu tree%s, %zu %s; %zu feature%s, %zu classes", x->origin,
                 m->n_trees, m->n_trees == 1 ? "" : "s", leaves, leaves == 1 ? "leaf" : "leaves",
                 m->n_features, m->n_features == 1 ? "" : "s", m->n_classes);
        if (x->late > 0)
            cli_note(shared, "%zu tree%s behind the best iteration left out, as XGBClassifier does",
                     x->late, x->late == 1 ? "" : "s");
        if (counts.dropped > 0)
            cli_note(shared, "%zu split%s left out: all values of the feature go one way",
                     counts.dropped, counts.dropped == 1 ? "" : "s");
    }
    import_free(x);
    free(text);
    return m;
}

int main(int argc, char **argv)
{
    struct import_options o = {.base_score = 0.5, .bits = 32, .label = "class"};
    struct cli *const c = cli_new(&spec, argc, argv);
    struct err e;

    for (int key; (key = cli_next(c)) != CLI_END;)
        take_option(c, key, &o);
    const char *const path = cli_file(c);
    struct model *const m = read_model(path, &o, cli_shared(c), &e);
    if (!m)
        die_err(&e);
    char *const options = cli_recorded(c);
    struct textbuf made = {0};
    textbuf_printf(&made, "dt-import%s%s", *options ? " " : "", options);
    free(options);
    m->made = made.p;
    struct out *const out = out_open(cli_shared(c)->output, &e);
    if (!out)
        die_err(&e);
    model_write(m, out);
    if (!out_close(out, &e))
        die_err(&e);
    model_free(m);
    cli_free(c);
    return EXIT_DONE;
}
