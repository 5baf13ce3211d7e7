/* What the command line asks for. */
#ifndef DT2XDP_OPTIONS_H
#define DT2XDP_OPTIONS_H

#include "classifier.h"

#include <stdint.h>

enum code_style {
    CODE_AUTO,
    CODE_BRANCHES,
    CODE_WALK,
};

struct options {
    struct classifier_options classifier;
    enum code_style code;
    uint64_t flows, ring_bytes;
    uint64_t first_packets; /* of a flow, which its features are of; 0: a model of packets */
};

struct options options_parse(struct cli *cli);

/* Ends the tool with 2 where --first-packets does not fit the model. */
void options_check(const struct options *o, const struct model *m);
extern const struct cli_spec options_spec;

#endif
