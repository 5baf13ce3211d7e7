/* The flow meter: packets to flows, over 64 partitions by a hash of the key, and flows to rows. One
 * thread hands over the packets and writes the rows; it and others, if there are any, do the work.
 * The rules are in pcap2feat(1), under "Flows". */
#ifndef PCAP2FEAT_FLOW_METER_H
#define PCAP2FEAT_FLOW_METER_H

#include "batch.h"
#include "ended.h"
#include "out.h"
#include "textbuf.h"

struct meter_rules {
    uint64_t idle, active; /* ns; UINT64_MAX: no such end */
    uint64_t linger;       /* ns, at most idle */
    bool tcp_end;
    unsigned first_packets;     /* 0: all */
    size_t max_flows;           /* in [1, 2^31) */
    const struct flow_key *key; /* all packets are of this flow, and its high end is the backward
                                   one; NULL: each has its own */
    bool payload;               /* flows look into the payload of packets */
    uint32_t shard, shards;     /* only flows of the shard, below shards */
    uint64_t context;           /* ns that PART_CONTEXT looks back */
};

/* Called by any of the threads, for different flows at the same time. begin(): a flow begins; its
 * record may be marked. row(): a flow's row is due. Of those who look for context, NULL for others:
 * end(): a silent flow ends; met(): a packet was added, by its place in the batch. */
struct meter_calls {
    void (*begin)(void *context, struct flow *f, const struct arrival *first);
    void (*end)(void *context, struct flow *f);
    void (*met)(void *context, struct flow *f, uint16_t place);
    void (*row)(void *context, const struct flow *f, const struct ended_flow *when,
                struct textbuf *rows);
    void *context;
};

struct meter;

struct meter *meter_new(const struct meter_rules *r, const struct layout *l,
                        const struct meter_calls *calls);
void meter_free(struct meter *m);

/* Before the first packet: rows go to the output, which must stay. threads: at least 1, the
 * caller's included. */
void meter_open(struct meter *m, struct out *out, unsigned threads);

/* Room for the next packet, in four steps: the caller fills in packet and high; meter_wants() is
 * told the key and tells the time, and is false where the packet is of another shard and the caller
 * is done with it; the caller fills in origin and class; meter_take() takes it and copies what it
 * points to. */
struct arrival *meter_room(struct meter *m);
bool meter_wants(struct meter *m, const struct flow_key *k);
void meter_take(struct meter *m);

/* Rows that are due are given. now: a time before which no packet will come any more, in ns, or 0
 * where only packets tell the time. */
void meter_tick(struct meter *m, uint64_t now);

/* Ends all flows and starts afresh; all rows are given. */
void meter_end(struct meter *m, enum flow_end reason);

/* Flows that have not ended, once all packets so far were worked on. */
size_t meter_count(struct meter *m);

/* Packets that were earlier than one before them. */
uint64_t meter_backwards(const struct meter *m);

/* Packets of other shards. */
uint64_t meter_others(const struct meter *m);

/* Starts of flows that PART_CONTEXT has forgotten early, because there were more than flows are
 * allowed. */
uint64_t meter_early(const struct meter *m);

/* Rows given so far. */
uint64_t meter_rows(const struct meter *m);

/* Rows by the reason of their flow's end, or of theirs (END_FIRST); after meter_end(). */
uint64_t meter_ended(const struct meter *m, enum flow_end reason);

#endif
