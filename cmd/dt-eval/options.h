/* What the command line of dt-eval says. */
#ifndef WEIR_DT_EVAL_OPTIONS_H
#define WEIR_DT_EVAL_OPTIONS_H

#include "cli.h"

#include <stdbool.h>
#include <stdint.h>

enum mode {
    MODE_REPORT,
    MODE_PREDICT,
    MODE_EXPLAIN,
    MODE_IMPURITY,
    MODE_PERMUTATION,
    MODE_SHAP,
    MODE_SHAP_ROWS,
};

struct options {
    const struct cli_shared_values *shared;
    enum mode mode;
    const char *model, *file; /* file NULL: standard input */
    const char *class;        /* the class column; NULL: the model's label */
    const char *entries;      /* a file of entries to be judged, too; NULL: none */
    const char *compare;      /* a column to be judged, too; NULL: none */
    const char *predicted;    /* --predict: the name of the new column */
    bool votes;               /* --predict: a column of the classes' votes too */
    bool has_criterion;
    bool entropy;     /* --importance=impurity: by entropy, not by Gini's impurity */
    uint64_t repeats; /* --importance=permutation: shuffles of each feature */
};

extern const struct cli_spec options_spec;

/* Ends the program where the command line is wrong. */
struct options options_parse(struct cli *cli);

#endif
