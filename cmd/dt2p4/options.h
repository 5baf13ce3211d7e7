/* What the command line asks for. */
#ifndef DT2P4_OPTIONS_H
#define DT2P4_OPTIONS_H

#include "cli.h"
#include "entries.h"

#include <stdint.h>

enum report_mode {
    REPORT_ALL,
    REPORT_CHANGE,        /* where the verdict is not the flow's last */
    REPORT_FIRST_VERDICT, /* the flow's first verdict */
    REPORT_NONE,
};

struct options {
    const char *model, *output;
    const char *drop, *dscp; /* lists, as given; NULL: none */
    enum report_mode report;
    enum entries_encoding encoding;
    uint64_t slots; /* of flows: a power of two */
    uint64_t idle;  /* s after which a flow's slot may be another's */
    uint64_t size;  /* of each table at least */
};

struct options options_parse(struct cli *cli);
extern const struct cli_spec options_spec;

#endif
