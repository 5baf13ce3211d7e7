/* The rules as `nft -f` takes them: a table of their own, in which a flow is found by its
 * addresses, ports and protocol, either way, and goes to the chain of its class. Nothing but
 * numbers and addresses that were parsed goes into them; a class is its place in the policy. */
#ifndef QOS_MARK_RULES_H
#define QOS_MARK_RULES_H

#include "flow_key.h"
#include "policy.h"
#include "textbuf.h"

/* The table without flows, in place of one that is there. shaped: tc keeps the rates, and packets
 * carry their class to it; else the rules keep them. */
void rules_write_table(const struct policy *p, bool shaped, uint64_t max_flows, struct textbuf *t);

/* The flow's rule, which lasts for so many seconds; taken away. */
void rules_add(const struct flow_key *k, size_t class, uint64_t timeout, struct textbuf *t);

/* Takes away the flow's rule, whether it is there with this class, or has ended already. */
void rules_remove(const struct flow_key *k, size_t class, struct textbuf *t);

#endif
