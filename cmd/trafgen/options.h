/* What the command line asks for. */
#ifndef TRAFGEN_OPTIONS_H
#define TRAFGEN_OPTIONS_H

#include "cli.h"
#include "plan.h"
#include "transmit.h"

#include <stdbool.h>
#include <stdint.h>

/* The column that says when a packet comes. */
enum time_column {
    TIME_AUTO, /* the first of the following that the table has */
    TIME_TS,
    TIME_IAT,
    TIME_DIR_IAT,
};

/* How the starts of flows lie apart. */
struct arrivals {
    double seconds;
    bool exponential; /* `seconds` is the mean; else every gap is that long */
    bool given;
};

enum { OPTIONS_MAX_FLOWS = 1000000 };

struct options {
    const char *file;   /* the model or table; NULL: standard input */
    const char *chain;  /* a weir-markov model; NULL: none */
    const char *write;  /* a capture to write; NULL: a table */
    bool live;          /* neither: packets are sent, or a dry run */
    const char *replay; /* live: the capture whose packets are sent; NULL: packets are made */
    const char *report; /* live: a table to write about it; NULL: none */
    struct transmit_options transmit;
    bool about_live;   /* an option was given that says how packets are sent */
    bool about_made;   /* an option was given that says how packets are made */
    bool about_frames; /* one that says what their frames look like */
    uint64_t count;    /* packets; 0: no limit */
    uint64_t duration; /* ns; 0: no limit */
    uint64_t flows;    /* of a model; 0: not given */
    enum time_column time;
    struct arrivals arrivals;
    bool has_start;
    uint64_t start; /* of the first packet, ns since the epoch */
    struct plan plan;
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;
struct options options_parse(struct cli *cli);

#endif
