/* How the value of each flow column is written. */
#ifndef PCAP2FEAT_FLOW_VALUE_H
#define PCAP2FEAT_FLOW_VALUE_H

#include "feature.h"
#include "flow_view.h"

#include <arpa/inet.h>

/* What a column is of: a way, and a number that its function knows. */
struct of {
    enum way way;
    unsigned arg; /* of a numbered column: its number - 1 */
};

/* Writes a value at p and returns the place after it. */
typedef char *put_fn(char *p, const struct flow_view *v, struct of of);

/* The longest value of a column, file, filters, tag, class and facts apart: an IPv6 address with
 * its NUL.
 */
enum { VALUE_MAX = INET6_ADDRSTRLEN };

struct flow_value {
    put_fn *put;
    unsigned parts; /* of the record that it needs, as bits */
    struct of of;
};

/* NULL where it is no flow column. */
const struct flow_value *flow_value(enum feature_id id);

#endif
