/* What flows have in common, and how many of them: the host that began them, their two hosts, and
 * the host with what it talks to. */
#ifndef PCAP2FEAT_FLOW_GROUPS_H
#define PCAP2FEAT_FLOW_GROUPS_H

#include "arena.h"
#include "record.h"

enum group_kind {
    GROUP_HOST,   /* the flow's forward address, in its VLAN */
    GROUP_PAIR,   /* both addresses, whichever is forward */
    GROUP_TARGET, /* the forward address; the other one with its port, and the protocol */
    GROUP_KINDS
};

/* Zeroed when the first joins. */
struct group {
    uint32_t members;
    uint32_t flows;   /* that go on */
    uint32_t starts;  /* of flows, those that are remembered: */
    uint64_t latest;  /* the clock at the last one */
    uint64_t number;  /* of it, among all starts */
    uint64_t gap_sum; /* of the times between two that follow each other */
    uint128 gap_squares;
};

struct groups;

/* seed: decides where a group lies. The arena must outlive it. Freed with groups_free(). */
struct groups *groups_new(uint64_t seed, struct arena *arena);
void groups_free(struct groups *g);

/* The group of a flow, which has one more member now. high: the high end of the key is forward. */
uint32_t groups_join(struct groups *g, enum group_kind kind, const struct flow_key *k, bool high);

/* One more member of a group that is there; and one fewer: without any it is gone. */
void groups_join_at(struct groups *g, uint32_t i);
void groups_leave(struct groups *g, uint32_t i);

struct group *groups_at(const struct groups *g, uint32_t i);

#endif
