/* The flows of a capture and what is remembered of each: who began, and the time and length of the
 * last packet each way. At most so many flows; when there is one more, the one that has been idle
 * the longest is forgotten. */
#ifndef PCAP2FEAT_FLOW_TABLE_H
#define PCAP2FEAT_FLOW_TABLE_H

#include "flow_key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Index 1 is forward, 0 backward. */
struct flow_state {
    uint64_t id;
    uint64_t last_ts[2]; /* the latest time each way */
    uint16_t last_len[2];
    bool seen[2];
    bool last_forward; /* the way of the last packet */
    bool begun_high;   /* the sender of the first packet is the high end of the key */
};

/* Memory of one flow with its share of the index, at most. */
enum { FLOW_TABLE_BYTES = 96 };

struct flow_table;

/* max_flows in [1, 2^31). Memory grows with the flows that there are. Freed with
 * flow_table_free(). */
struct flow_table *flow_table_new(size_t max_flows);
void flow_table_free(struct flow_table *t);

/* The state of the key's flow, which is now the least idle one. *is_new: it is zeroed and the
 * caller fills it. Valid until the next call. */
struct flow_state *flow_table_get(struct flow_table *t, const struct flow_key *k, bool *is_new);

/* Forgets all flows. */
void flow_table_clear(struct flow_table *t);

/* Flows forgotten to make room. */
size_t flow_table_count(const struct flow_table *t);
uint64_t flow_table_evicted(const struct flow_table *t);

#endif
