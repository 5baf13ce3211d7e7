/* What happens to the packets of each class: DSCP, priority, rate. A table (CSV or TSV) with the
 * columns class, dscp, priority and rate; an empty field leaves that as it is. */
#ifndef QOS_MARK_POLICY_H
#define QOS_MARK_POLICY_H

#include "err.h"
#include "out.h"
#include "table.h"

#include <stdint.h>

enum {
    POLICY_MAX = 1000, /* classes */
    PRIORITIES = 8,    /* 0 goes first */
    PRIORITY_USUAL = 4 /* of what has none */
};

struct treatment {
    char *class;
    bool sets_dscp;
    uint8_t dscp;
    unsigned priority;
    uint64_t rate; /* bit/s; 0: no limit */
};

struct policy {
    struct treatment *all;
    size_t n, cap;
};

/* path NULL: the policy that is built in. NULL with *e ("FILE:LINE: column …"). Freed with
 * policy_free(). */
struct policy *policy_read(const char *path, struct err *e);
void policy_free(struct policy *p);

/* The place of a class, or p->n. */
size_t policy_find(const struct policy *p, struct span class);

/* As the table that policy_read() takes, TSV. */
void policy_write(const struct policy *p, struct out *o);

#endif
