/* What the command line asks for. */
#ifndef DT2XDP_OPTIONS_H
#define DT2XDP_OPTIONS_H

#include "cli.h"

#include <stdbool.h>
#include <stdint.h>

enum report_mode {
    REPORT_ALL,
    REPORT_CHANGE,        /* where the verdict is not the flow's last */
    REPORT_FIRST_VERDICT, /* the flow's first verdict */
    REPORT_NONE,
};

enum code_style {
    CODE_AUTO,
    CODE_BRANCHES,
    CODE_WALK,
};

struct options {
    const char *model, *output;
    const char *drop, *dscp; /* lists, as given; NULL: none */
    enum report_mode report;
    enum code_style code;
    uint64_t flows, ring_bytes;
    bool quiet;
};

struct options options_parse(struct cli *cli);
extern const struct cli_spec options_spec;

#endif
