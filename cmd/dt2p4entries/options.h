/* The command line of dt2p4entries. */
#ifndef WEIR_DT2P4ENTRIES_OPTIONS_H
#define WEIR_DT2P4ENTRIES_OPTIONS_H

#include "cli.h"
#include "entries.h"
#include "entries_read.h"

struct options {
    const struct cli_shared_values *shared;
    const char *model;
    enum entries_format format;
    struct entries_options entries; /* without the default class: entries_default_class() */
    bool has_default;
    const char *default_class; /* NULL: the one that saves most */
    bool has_max;
    uint64_t max_entries;
    bool report;
    const char *classes; /* a file for the list of classes */
    const char *p4info;
    const char *verify; /* a file to prove instead of writing one */
};

extern const struct cli_spec options_spec;

/* Ends the program on a wrong command line. */
struct options options_parse(struct cli *cli);

#endif
