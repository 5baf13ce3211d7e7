/* The flow meter: when a flow begins, which packets are its own, when and why it ends, and in which
 * order that is told. The rules are in pcap2feat(1), under "Flows". */
#ifndef PCAP2FEAT_FLOW_METER_H
#define PCAP2FEAT_FLOW_METER_H

#include "record.h"

struct meter_rules {
    uint64_t idle, active; /* ns; UINT64_MAX: no such end */
    uint64_t linger;       /* ns, at most idle */
    bool tcp_end;
    unsigned first_packets; /* 0: all */
    size_t max_flows;       /* in [1, 2^31) */
    bool fixed_ways;        /* the high end of every key is the backward one */
};

/* begin(): a flow begins; its record may be marked. row(): a flow's row is due. */
struct meter_calls {
    void (*begin)(void *context, struct flow *f);
    void (*row)(void *context, struct flow *f);
    void *context;
};

struct meter;

struct meter *meter_new(const struct meter_rules *r, const struct layout *l,
                        const struct meter_calls *calls);
void meter_free(struct meter *m);

/* A packet of the key; high: its sender is the high end. */
void meter_take(struct meter *m, const struct packet *p, const struct flow_key *k, bool high);

/* Rows that are due are given. now: a time before which no packet will come any more, in ns, or 0
 * where only packets tell the time. */
void meter_tick(struct meter *m, uint64_t now);

/* Ends all flows and starts afresh. */
void meter_end(struct meter *m, enum flow_end reason);

/* Packets that were earlier than one before them. */
uint64_t meter_backwards(const struct meter *m);

/* Rows by the reason of their flow's end, or of theirs (END_FIRST). */
uint64_t meter_ended(const struct meter *m, enum flow_end reason);

#endif
