/* What the command line asks for. */
#ifndef VERDICTS_OPTIONS_H
#define VERDICTS_OPTIONS_H

#include "cli.h"

#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *model;
    const char *file;      /* a capture; NULL: standard input */
    const char *interface; /* live report frames */
    const char *ring;      /* a pinned ring buffer */
    const char *program;   /* a pinned XDP program that the capture is run through */
    const char *labels;
    uint64_t count;  /* stop after so many reports; 0: never */
    double duration; /* stop after so many seconds; 0: never */
    bool all;        /* rows without a verdict too */
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;
struct options options_parse(struct cli *cli);

#endif
