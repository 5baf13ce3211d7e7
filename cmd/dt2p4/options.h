/* What the command line asks for. */
#ifndef DT2P4_OPTIONS_H
#define DT2P4_OPTIONS_H

#include "classifier.h"
#include "entries.h"

#include <stdint.h>

struct options {
    struct classifier_options classifier;
    enum entries_encoding encoding;
    uint64_t slots; /* of flows: a power of two */
    uint64_t idle;  /* s after which a flow's slot may be another's */
    uint64_t size;  /* of each table at least */
};

struct options options_parse(struct cli *cli);
extern const struct cli_spec options_spec;

#endif
