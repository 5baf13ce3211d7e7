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
};

struct options options_parse(struct cli *cli);
extern const struct cli_spec options_spec;

#endif
