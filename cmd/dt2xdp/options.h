/* What the command line asks for. */
#ifndef DT2XDP_OPTIONS_H
#define DT2XDP_OPTIONS_H

#include "cli.h"
#include "err.h"
#include "model.h"

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

enum { DSCP_NONE = 255 };

/* What happens to packets of a class. */
struct reaction {
    bool drop;
    uint8_t dscp; /* DSCP_NONE: left alone */
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

/* The reactions to the model's classes, an array of m->n_classes; freed by the caller. NULL with *e
 * that names an unknown class or DSCP. */
struct reaction *options_reactions(const struct options *o, const struct model *m, struct err *e);

#endif
