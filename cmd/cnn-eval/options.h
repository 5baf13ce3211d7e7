/* The command line of cnn-eval. */
#ifndef WEIR_CNN_EVAL_OPTIONS_H
#define WEIR_CNN_EVAL_OPTIONS_H

#include "cli.h"

#include <stdbool.h>

struct options {
    const struct cli_shared_values *shared;
    const char *model, *file; /* file NULL: standard input */
    const char *class;        /* the class column; NULL: the model's label */
    const char *categories;   /* a file of them; NULL: none */
    const char *compare;      /* a column to be judged, too; NULL: none */
    const char *predicted;    /* --predict: the name of the new column; NULL: the report */
    const char *unknown;      /* a file that unknown rows are appended to; NULL: none */
    bool closed;              /* nothing is unknown */
    bool onnx;                /* write the model for other programs; there is no table */
};

/* Ends the program where the command line is wrong. */
struct options options_parse(struct cli *cli);
extern const struct cli_spec options_spec;

#endif
