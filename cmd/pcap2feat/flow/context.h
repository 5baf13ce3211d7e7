/* What else the hosts of a flow do: the flows that go on beside it, those that were begun lately,
 * and how regularly. Packets are seen by one thread in the order in which they come; the values
 * are as of a packet. The definitions are in weir-features(7), "Context". */
#ifndef PCAP2FEAT_FLOW_CONTEXT_H
#define PCAP2FEAT_FLOW_CONTEXT_H

#include "batch.h"
#include "meter.h"

struct context;

/* The rules of the flows, among them how far back it looks. It remembers as many flows, and as many
 * starts, as there may be flows, in less than 1.6 KB for both. Freed with context_free(). */
struct context *context_new(const struct meter_rules *r);
void context_free(struct context *c);

/* The packets of a batch: fills in the context of each. */
void context_take(struct context *c, struct batch *b);

/* All flows end, and the clock may begin anew. */
void context_end(struct context *c);

/* Starts that were forgotten early, because there were too many. */
uint64_t context_early(const struct context *c);

#endif
