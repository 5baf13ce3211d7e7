/* What tc is to do on an interface: a class of htb for each class of the policy, with its priority
 * and rate. Packets find theirs by skb->priority, which the rules of nftables set. */
#ifndef QOS_MARK_SHAPING_H
#define QOS_MARK_SHAPING_H

#include "err.h"
#include "policy.h"
#include "textbuf.h"

/* Whether a text is a list of names of interfaces, which can stand in a command as they are. */
bool shaping_devices_valid(const char *list);

/* Whether there are all those interfaces. False with *e. */
bool shaping_devices_there(const char *list, struct err *e);

/* The minor number, below major 1, of the htb class of the policy's class. */
unsigned shaping_minor(size_t class);

/* For `tc -batch`, for each interface of the list, which has no queueing discipline of its own. */
void shaping_write(const struct policy *p, const char *devices, struct textbuf *t);

#endif
