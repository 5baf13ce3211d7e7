/* How a program in the network (P4, XDP) gets a model's features: what each of them needs, which is
 * the same for every kind of program, and the expression that computes it, which is not. */
#ifndef WEIR_FIELD_H
#define WEIR_FIELD_H

#include "err.h"
#include "feature.h"
#include "model.h"

#include <stdbool.h>

/* What a feature takes from the packet, and what it has to have to be known. */
enum field_need {
    NEED_FLOW = 1 << 0,      /* the flow's state */
    NEED_DIRECTION = 1 << 1, /* who began the flow */
    NEED_BOTH = 1 << 2,      /* a previous packet of the flow */
    NEED_BOTH_TS = 1 << 3,   /* its time, its length */
    NEED_BOTH_LEN = 1 << 4,
    NEED_SAME = 1 << 5, /* one in the same direction */
    NEED_SAME_TS = 1 << 6,
    NEED_SAME_LEN = 1 << 7,
    NEED_CAPTURE = 1 << 8, /* one of all packets */
    NEED_CAPTURE_TS = 1 << 9,
    NEED_CAPTURE_LEN = 1 << 10,
    NEED_TRANSPORT = 1 << 11, /* what stands behind the IP header */
    NEED_HEADER = 1 << 12,    /* a whole TCP or UDP header there, where there is one */
    NEED_TCP = 1 << 13,       /* a whole TCP header, where there is one */
    NEED_ELAPSED = 1 << 14,   /* the time between two packets */
    NEED_CHANGE = 1 << 15,    /* the change between two lengths */
    NEED_FIRST = 1 << 16,     /* what is counted over the flow's first packets: flow_count.h */
    NEED_KNOWN = 1 << 17,     /* set for every model */
};

/* A kind of program: its name with an article, and for each feature of packets that it can compute
 * an expression of its language. Those of flows whose source is SOURCE_FIRST it can count. */
struct fields {
    const char *program;
    const char *values[FEATURE_COUNT];
};

/* The needs of all features of a model, never 0. 0 with *e where one can't be computed: says which
 * it could use instead; or where some are of packets and others of flows. */
unsigned fields_need(const struct fields *f, const struct model *m, struct err *e);

/* Whether a registered feature is of flows alone. */
bool field_of_flow(const char *feature);

/* The needs and the value of a feature that fields_need() has found to be computable; one of flows
 * has no value here. */
unsigned field_needs(const char *feature);
const char *field_value(const struct fields *f, const char *feature);

/* What stands for feature i of a model with a value for what is missing: that value, or the
 * greatest of the feature where it is less. */
uint64_t field_missing(const struct model *m, size_t i);

#endif
