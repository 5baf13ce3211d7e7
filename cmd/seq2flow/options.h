/* The options of seq2flow. */
#ifndef SEQ2FLOW_OPTIONS_H
#define SEQ2FLOW_OPTIONS_H

#include "cli.h"

enum { PLACES_MAX = 1000 };

/* Columns are names; NULL: the first of those that stand by default. */
struct options {
    const char *flow, *time, *size, *dir, *label;
    const char *forward, *backward; /* values of the direction's column, with commas between */
    const char *pass;               /* columns to pass on, with commas between; NULL: none */
    unsigned decimals;              /* of the time: 9 are seconds, 0 nanoseconds */
    unsigned places;                /* packets of --first-packets; 0: all count, and no sequence */
    uint64_t max_flows;
    bool grouped; /* the rows of a flow stand together */
    const char *file;
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;

/* Takes all options; ends the program where they are wrong. The cli must outlive them. */
void options_parse(struct options *o, struct cli *c);

/* Whether a value stands in such a list of values with commas between. */
bool options_lists(const char *values, struct span value);

#endif
