/* How the program computes each feature. */
#ifndef DT2P4_FIELDS_H
#define DT2P4_FIELDS_H

#include "err.h"
#include "model.h"

/* What a feature takes from the packet, and what it has to have to be known. */
enum field_need {
    NEED_FLOW = 1 << 0,      /* the flow's slot */
    NEED_DIRECTION = 1 << 1, /* who began the flow */
    NEED_BOTH = 1 << 2,      /* a previous packet of the flow */
    NEED_BOTH_LEN = 1 << 3,  /* its length */
    NEED_SAME = 1 << 4,      /* one in the same direction */
    NEED_SAME_TS = 1 << 5,
    NEED_SAME_LEN = 1 << 6,
    NEED_CAPTURE = 1 << 7, /* one of all packets */
    NEED_CAPTURE_TS = 1 << 8,
    NEED_CAPTURE_LEN = 1 << 9,
    NEED_TRANSPORT = 1 << 10, /* a whole TCP or UDP header, where there is one */
    NEED_ELAPSED = 1 << 11,   /* the functions of these names */
    NEED_CHANGE = 1 << 12,
    NEED_KNOWN = 1 << 13, /* set for every model */
};

struct field {
    unsigned needs;
    const char *value; /* a P4 expression */
};

/* NULL with *e where a program can't compute the feature: says which it could use instead. */
const struct field *field_of(const char *feature, struct err *e);

/* The needs of all features of a model, never 0. 0 with *e where one can't be computed. */
unsigned field_needs(const struct model *m, struct err *e);

#endif
