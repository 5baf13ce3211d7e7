/* What a program is made from, and what it therefore has to have. */
#ifndef DT2P4_PLAN_H
#define DT2P4_PLAN_H

#include "entries.h"
#include "fields.h"
#include "options.h"
#include "out.h"
#include "reactions.h"

#include <stdbool.h>

struct plan {
    const struct model *m;
    const struct options *o;
    const struct reaction *reactions;
    const struct entries *tables;
    char **names; /* of the features, as identifiers: those of the tables' keys */
    unsigned needs;
    bool has_flows; /* state of flows is kept */
    bool of_flows;  /* the verdicts are of flows, by their first packets: not of packets */
    bool reports, sets_dscp, drops;
    struct out *out;
};

/* The width of a feature in the program: it holds every value of the feature and every key. */
unsigned plan_bits(const struct plan *p, size_t feature);

/* A text in a comment that ends with its line. */
void plan_comment(const struct plan *p, const char *text);

/* state.c: what is kept from packet to packet; sets meta.features and meta.known. */
void state_write(const struct plan *p);

/* first.c: the same for a model of flows. */
void first_write(const struct plan *p);

/* The assignment of feature i, which is none of flows alone. */
void feature_write(const struct plan *p, size_t i);

/* tables.c: the tables; set meta.class. */
void tables_write(const struct plan *p);

/* verdict.c: what follows from a class: the reaction, the report. */
void reaction_write(const struct plan *p);
void report_write(const struct plan *p);
void report_header_write(const struct plan *p);
void egress_write(const struct plan *p);

#endif
