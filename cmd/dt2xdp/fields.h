/* How the program computes each feature. */
#ifndef DT2XDP_FIELDS_H
#define DT2XDP_FIELDS_H

#include "err.h"
#include "model.h"

/* What a feature has to have to be known. */
enum field_need {
    NEED_FLOW = 1 << 0,      /* the flow itself */
    NEED_BOTH = 1 << 1,      /* a previous packet of the flow */
    NEED_SAME = 1 << 2,      /* one in the same direction */
    NEED_CAPTURE = 1 << 3,   /* one of the capture */
    NEED_TRANSPORT = 1 << 4, /* a whole TCP or UDP header, where there is one */
};

struct field {
    unsigned needs;
    const char *value; /* a C expression */
};

/* NULL with *e where a program can't compute the feature: says which it could use instead. */
const struct field *field_of(const char *feature, struct err *e);

/* The needs of all features of a model. 0 with *e where one can't be computed; NEED_KNOWN is
 * set in any other case, so that the result is not 0. */
enum { NEED_KNOWN = 1 << 5 };
unsigned field_needs(const struct model *m, struct err *e);

#endif
