/* What a program in the network (P4, XDP) counts over the first packets of a flow, for the features
 * of flows whose source is SOURCE_FIRST: one table for every kind of program. How an amount, a
 * condition and a change are written is the program's. */
#ifndef WEIR_FLOW_COUNT_H
#define WEIR_FLOW_COUNT_H

#include "feature.h"
#include "model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which packets: of a direction, or all. */
enum flow_way { WAY_BWD, WAY_FWD, WAY_BOTH };

/* Which features a count has, from its first on: of all packets and of each direction's, of each
 * direction's, of all packets, none (a helper of others). */
enum count_shape { COUNT_BOTH, COUNT_WAYS, COUNT_WHOLE, COUNT_HELPER };

/* How a packet changes it. */
enum count_how {
    COUNT_SUM,
    COUNT_LEAST,
    COUNT_GREATEST,
    COUNT_BITS,    /* all together */
    COUNT_ONCE,    /* set where `when` holds */
    COUNT_PLACE,   /* of each packet one, in its place */
    COUNT_SPAN,    /* nothing is kept: the time from HELP_EARLIEST to HELP_LATEST */
    COUNT_PACKETS, /* nothing is kept: the number of packets, which every program has */
};

/* What a packet brings. */
enum count_amount {
    AMOUNT_LEN,
    AMOUNT_GAP,            /* ns since the flow's latest packet, 0 where time runs backwards */
    AMOUNT_WAY_GAP,        /* ns since the latest of the direction's first packets, likewise */
    AMOUNT_WAY_GAP_WITHIN, /* 1 where that is from low to high */
    AMOUNT_PAYLOAD,        /* 0 where it is not known */
    AMOUNT_PAYLOAD_WITHIN,
    AMOUNT_FLAG,  /* bit low of tcp_flags, 0 where these are not known */
    AMOUNT_FLAGS, /* all of them */
    AMOUNT_WINDOW,
    AMOUNT_TTL,
    AMOUNT_DSCP,
    AMOUNT_WAY, /* 1 forward */
    AMOUNT_TS,
    AMOUNT_DESCRIBED, /* 1 where payload_len is known */
    AMOUNT_IS_TCP,    /* 1 with a TCP header that can be read */
    AMOUNTS
};

/* Which packets count. */
enum count_when {
    WHEN_ALWAYS,
    WHEN_NOT_FIRST,        /* of the flow */
    WHEN_NOT_FIRST_OF_WAY, /* of its direction */
    WHEN_FIRST_OF_WAY,     /* of its direction */
    WHEN_FIRST_TCP_OF_WAY, /* with AMOUNT_IS_TCP */
    WHEN_DESCRIBED,        /* with AMOUNT_DESCRIBED */
    WHENS
};

/* When the value is known. */
enum count_known {
    KNOWN_ALWAYS,
    KNOWN_PACKET,    /* there was a packet */
    KNOWN_SECOND,    /* there were two */
    KNOWN_DESCRIBED, /* HELP_DESCRIBED is set */
    KNOWN_HEADER,    /* HELP_HEADER is */
};

/* What else has to be counted, of the same direction; each is a count of its own, in whose
 * `helpers` the bit stands alone. */
enum count_helper {
    HELP_EARLIEST = 1 << 0,
    HELP_LATEST = 1 << 1,
    HELP_DESCRIBED = 1 << 2, /* 1 where payload_len of any packet was known */
    HELP_HEADER = 1 << 3,    /* 1 where any TCP header could be read */
};

struct flow_count {
    enum feature_id id; /* the first of its features */
    enum count_shape shape;
    enum count_how how;
    unsigned bits; /* that it needs at most: 8, 16, 32 or 64; 0 where nothing is kept */
    const char *name;
    enum count_amount amount;
    uint64_t low, high;
    enum count_when when;
    enum count_known known;
    unsigned helpers;
};

/* Helpers come last: a packet changes a count before its helpers. */
extern const struct flow_count flow_counts[];
extern const size_t n_flow_counts;

/* The count of a feature whose source is SOURCE_FIRST, and of which packets the feature is. */
const struct flow_count *flow_count_of(const char *feature, enum flow_way *way);

/* Whether a model needs a count, for a feature of its own or as a helper; of these packets, and of
 * any. */
bool flow_count_needed(const struct flow_count *c, enum flow_way way, const struct model *m);
bool flow_count_used(const struct flow_count *c, const struct model *m);

#endif
