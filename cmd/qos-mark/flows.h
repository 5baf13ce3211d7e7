/* The rows of classified flows: whose packets they are, and of which class. */
#ifndef QOS_MARK_FLOWS_H
#define QOS_MARK_FLOWS_H

#include "flow_key.h"
#include "policy.h"
#include "table.h"

struct flows;

/* Finds the columns; class NULL: predicted, or else class. NULL with *e. The table and the policy
 * must outlive it. Freed with flows_free(). */
struct flows *flows_new(struct table *t, const char *class, const struct policy *p, struct err *e);
void flows_free(struct flows *f);

enum flows_kind {
    FLOWS_KNOWN,    /* the class is one of the policy */
    FLOWS_OTHER,    /* it is not */
    FLOWS_NO_CLASS, /* there is none */
    FLOWS_NO_PORTS, /* a protocol without ports: packets are not told apart */
    FLOWS_KIND_COUNT
};

/* The next row: *class is a place in the policy, and *k a key without a VLAN, where they are known:
 * the key is but in FLOWS_NO_PORTS. */
enum table_status flows_next(struct flows *f, enum flows_kind *kind, struct flow_key *k,
                             size_t *class, struct err *e);

#endif
