/* The command line of cnn-train. */
#ifndef WEIR_CNN_TRAIN_OPTIONS_H
#define WEIR_CNN_TRAIN_OPTIONS_H

#include "cli.h"

#include <stdbool.h>
#include <stddef.h>

struct options {
    const char *label;           /* the class column; NULL: a default */
    const char *features, *drop; /* lists; NULL: by role, none */
    size_t places;               /* packets; 0: as many as the table has */
    const char *categories;      /* a file; NULL: classes are as they stand */
    const char *layers;          /* NULL: a default, by what the table has */
    bool balanced;               /* class weights */
    const char *weights;         /* a file of them; NULL: none */
    double focal;                /* 0: cross entropy */
    double validation;           /* share of the rows; 0: none */
    const char *by;              /* what stays together there */
    unsigned epochs, patience;
    size_t batch, members; /* members 0: by the rows */
    double rate, decay;
    double augment;           /* share of the flows that are varied in training */
    double unknown;           /* share of known flows that count as unknown */
    const char *curve, *init; /* files; NULL: none */
    char **files;             /* tables; none: standard input */
    size_t n_files;
    const struct cli_shared_values *shared;
    char *made; /* the options as the model file keeps them */
};

/* Ends the program where the command line is wrong. */
struct options options_parse(struct cli *c);
extern const struct cli_spec options_spec;

#endif
