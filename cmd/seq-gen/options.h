/* The command line of seq-gen. */
#ifndef WEIR_SEQ_GEN_OPTIONS_H
#define WEIR_SEQ_GEN_OPTIONS_H

#include "cli.h"

struct options {
    const struct cli_shared_values *shared;
    const char *model;
    double temperature;
    bool onnx; /* write the model for other programs */
};

/* Ends the program where the command line is wrong. */
struct options options_parse(struct cli *c);
extern const struct cli_spec options_spec;

#endif
