/* The command line of trafcmp. */
#ifndef WEIR_TRAFCMP_OPTIONS_H
#define WEIR_TRAFCMP_OPTIONS_H

#include "cli.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
    struct series_options series;
    uint64_t len_bin;    /* bytes */
    unsigned iat_bins;   /* a decade */
    size_t lags;         /* of autocorrelation */
    size_t copied;       /* packets of a run that may be copied */
    size_t window;       /* packets */
    size_t most_windows; /* a side */
    size_t folds;
    size_t trees; /* of the forest */
    bool no_trees;
    const char *curves; /* NULL: none */
    const char *real, *synth;
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;

/* Ends the program where the command line is wrong. */
struct options options_parse(struct cli *c);

#endif
