/* The rules of flows within one partition: when a flow begins, which packets are its own, when and
 * why it ends. What happens here depends on the partition's packets and on the clock that they
 * bring, not on when a thread gets to it. */
#ifndef PCAP2FEAT_FLOW_PARTITION_H
#define PCAP2FEAT_FLOW_PARTITION_H

#include "batch.h"
#include "ended.h"
#include "meter.h"

struct partition;

/* most: flows at a time. All that it is given must outlive it. Freed with partition_free(). */
struct partition *partition_new(const struct meter_rules *r, const struct layout *l,
                                const struct meter_calls *calls, size_t most, uint64_t seed,
                                struct arena *arena);
void partition_free(struct partition *p);

/* The packets of a batch, whose partition it is by number, and then its mark. No row may be due. */
void partition_take(struct partition *p, const struct batch *b, unsigned number);

/* For a partition whose flows are all silent from their begin on: packets of a batch by their
 * places in it; the end of flows that the clock has passed, also in the midst of that; and that of
 * all. */
void partition_watch(struct partition *p, const struct batch *b, const uint16_t *places, size_t n);
void partition_pass(struct partition *p, uint64_t clock);
void partition_end(struct partition *p, enum flow_end reason);

/* The next flow whose row is due, in order, finished; NULL: no more. *when is its place in the
 * order. Valid until the next call. */
struct flow *partition_next(struct partition *p, struct ended_flow *when);

/* Flows that have not ended; between two batches. */
size_t partition_count(const struct partition *p);

uint64_t partition_ended(const struct partition *p, enum flow_end reason);

#endif
