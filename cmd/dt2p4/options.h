/* What the command line asks for. */
#ifndef DT2P4_OPTIONS_H
#define DT2P4_OPTIONS_H

#include "classifier.h"
#include "entries.h"

#include <stdint.h>

struct options {
    struct classifier_options classifier;
    struct entries_options entries; /* without the default class: entries_default_class() */
    bool has_default;
    const char *default_class; /* NULL: the one that saves most */
    uint64_t max_entries;
    uint64_t slots; /* of flows: a power of two */
    uint64_t idle;  /* s after which a flow's slot may be another's */
    uint64_t size;  /* of each table at least */
};

struct options options_parse(struct cli *cli);
extern const struct cli_spec options_spec;

#endif
