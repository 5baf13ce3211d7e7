/* The command line of seq-train. */
#ifndef WEIR_SEQ_TRAIN_OPTIONS_H
#define WEIR_SEQ_TRAIN_OPTIONS_H

#include "cli.h"

#include <stdbool.h>
#include <stddef.h>

enum net { NET_GRU, NET_TCN };

struct options {
    enum net net;
    const char *column;
    bool raw_ids;          /* numbers of symbols instead of embeddings */
    size_t hidden, layers; /* numbers of a layer; how many of those */
    double dropout;
    size_t window;
    double held; /* share of the symbols; 0: none */
    unsigned epochs, patience;
    size_t batch; /* windows */
    double rate;
    const char *curve; /* a file; NULL: none */
    const char *file;  /* NULL: standard input */
    const struct cli_shared_values *shared;
    char *made; /* the options as the model file keeps them */
};

/* Ends the program where the command line is wrong. */
struct options options_parse(struct cli *c);
extern const struct cli_spec options_spec;

#endif
