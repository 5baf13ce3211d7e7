/* What the command line asks for. */
#ifndef FLOW2IPFIX_OPTIONS_H
#define FLOW2IPFIX_OPTIONS_H

#include "cli.h"
#include "collector.h"
#include "exporter.h"
#include "sink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
    char **files; /* none: standard input */
    size_t n_files;
    struct collector *collector; /* NULL: a file */
    uint32_t pen;
    double rate; /* rows a second; 0: as they come */
    bool list;   /* the mapping of the table instead of messages */
    struct exporter_options exporter;
    struct sink_options sink;
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;

/* The collector is the caller's to free. */
struct options options_parse(struct cli *cli);

#endif
