/* What is kept of a flow, and how a packet changes it: only the parts that the columns need, and
 * most of these only once a flow has more than a few packets. Where flows are many, most have
 * fewer; until then the packets themselves are kept, which takes a quarter of the memory. */
#ifndef PCAP2FEAT_FLOW_RECORD_H
#define PCAP2FEAT_FLOW_RECORD_H

#include "facts.h"
#include "flow_key.h"
#include "spread.h"
#include "way.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum flow_end {
    END_IDLE,
    END_ACTIVE,
    END_FIN,
    END_RST,
    END_CAP,
    END_FIRST, /* the packets of --first-packets are there */
    END_FILE,
    END_INPUT,
    END_COUNT
};

const char *flow_end_name(enum flow_end reason);

/* Of a list of flows, by place in their store. */
struct flow_link {
    uint32_t newer, older;
};

/* What every flow has, whatever the columns. */
struct flow {
    struct flow_key key;
    uint64_t start;        /* least packet time */
    uint64_t end;          /* the greatest, once it has its parts */
    uint64_t latest;       /* the clock when its last packet came */
    uint64_t packets;      /* those of the statistics */
    uint64_t first_ts;     /* of its first packet */
    uint64_t closed;       /* the clock when it became closing */
    uint64_t filters;      /* the named ones that any packet matched, as bits */
    const char *class;     /* quoted; NULL: none */
    void *parts;           /* those that are not in the record; NULL: it has none yet */
    struct flow_link link; /* of the closing ones */
    uint32_t origin;       /* of its first packet: where it comes from, by number */
    bool begun_high : 1;   /* the first packet's sender is the high end of the key */
    bool closing : 1;
    bool silent : 1; /* its row was given, or it gets none: no more statistics */
    uint8_t fins;    /* ways that have sent a FIN, as bits */
    uint8_t ways;    /* ways that have packets in the statistics, as bits; with the parts */
    uint8_t reason;  /* enum flow_end; while it is closing END_FIN or END_RST */
};

/* What the parts want of a packet. */
struct brief {
    uint64_t ts;
    uint16_t len, payload_len, tcp_window;
    uint8_t tcp_flags, ttl, dscp;
    uint8_t l4_header; /* bytes of that of TCP or UDP; 0 where there is none, or it can't be told */
    uint8_t way;       /* enum way */
    bool tcp;          /* it has a header of TCP */
    bool payload_known;
};

enum { YOUNG_PACKETS = 4 }; /* a flow of so many has no parts yet */

/* The parts; as bits, 1 << PART_…. */
enum flow_part {
    PART_LEN,
    PART_TIMES,
    PART_IAT, /* needs PART_TIMES */
    PART_PAYLOAD,
    PART_TCP,
    PART_HEADERS,
    PART_HISTOGRAMS, /* needs PART_TIMES */
    PART_BURSTS,
    PART_ACTIVITY,
    PART_MACS,
    PART_FACTS,
    PART_CONTEXT,
    PART_ENDS,
    PART_SEQUENCE,
    PART_COUNT
};

struct part_times {
    uint64_t min[2], max[2]; /* where flow.ways has the way */
};

struct part_payload {
    struct spread16 way[2];
    uint64_t packets[2]; /* with a payload */
};

struct part_tcp {
    uint32_t flags[2][8]; /* packets with each, from bit 0 on; stop at 2^32 - 1 */
    uint16_t window[2], syn_len[2];
    bool seen[2]; /* a TCP header: window is set */
    bool syn[2];  /* syn_len is set */
    uint8_t any[2];
};

struct part_headers {
    uint64_t l4_bytes[2];
    uint32_t payload_changes;                /* stops at 2^32 - 1 */
    uint16_t payload;                        /* of the last packet where it is known */
    uint8_t ttl_min[2], ttl_max[2], dscp[2]; /* where flow.ways has the way */
    uint8_t l4_min[2];                       /* 0: none yet */
    bool payload_known;
};

enum { HISTOGRAM_BINS = 8 };

struct part_histograms {
    uint32_t payload[2][HISTOGRAM_BINS], iat[2][HISTOGRAM_BINS]; /* stop at 2^32 - 1 */
};

/* A run of packets with payload, and the most of those that were bursts; and a run that a payload
 * of the other way ends, with the sums of those that were bulks. */
struct burst {
    uint64_t bytes, began, latest;
    uint64_t bytes_max, duration_max;
    uint64_t bulk_lasted; /* ns of a run that is no bulk yet */
    uint64_t bulk_bytes, bulk_duration;
    uint32_t packets, packets_max, count; /* stop at 2^32 - 1 */
    uint32_t bulks, bulk_packets;         /* likewise */
    uint32_t bulk_before : 24;            /* its payload */
    uint32_t bulk_run : 8;                /* its packets; stops at BULK_PACKETS */
};

enum { BURST_PACKETS = 3, BULK_PACKETS = 4, BURST_GAP_NS = 1000000000 };

struct part_bursts {
    struct burst way[2];
};

struct part_activity {
    struct spread active, idle;
    uint64_t began;    /* of the span at hand */
    uint32_t subflows; /* stops at 2^32 - 1 */
};

enum { SUBFLOW_GAP_NS = 1000000000 };

struct part_macs {
    uint8_t src[6], dst[6];
    bool known;
};

/* Of the flow's hosts, as of the last packet of the statistics. */
struct part_context {
    uint32_t host_flows, pair_flows;
    uint32_t host_starts, pair_starts;
    uint32_t repeats; /* starts like its own; between them: */
    uint64_t gap_sum; /* ns */
    uint128 gap_squares;
};

/* The first packet's, where the key does not tell: a selection's flow is of many keys. */
struct part_ends {
    uint8_t src[16], dst[16];
    uint16_t src_port, dst_port, vlan;
    uint8_t proto, ip_version;
};

/* One packet; as many as --first-packets says. */
struct place {
    uint64_t iat;
    uint16_t len, payload_len;
    uint8_t tcp_flags;
    bool forward, payload_known;
};

struct layout {
    unsigned parts;
    unsigned places;   /* of PART_SEQUENCE */
    uint64_t long_gap; /* ns; longer gaps part the spans of PART_ACTIVITY */
    uint64_t facts;    /* columns of PART_FACTS, as fact_bit() */
    size_t size;       /* bytes of a record, a multiple of 16 */
    size_t aside;      /* bytes of the parts that are not in it, likewise; 0: all are */
    size_t inside;     /* where in the record those are that could be aside */
    size_t at[PART_COUNT];
};

/* Memory of a flow of all parts but facts, the sequence and a selection's ends, with its share of
 * the index: at most. */
enum { FLOW_BYTES = 1024 };

/* parts: bits; what they need in turn is added. */
struct layout layout_of(unsigned parts, unsigned places, uint64_t long_gap);

/* Parts that are always in the record: the first two lie where a young flow has its packets, the
 * others are of more than these tell. */
enum {
    PARTS_INSIDE = 1 << PART_LEN | 1 << PART_TIMES | 1 << PART_MACS | 1 << PART_FACTS |
                   1 << PART_CONTEXT | 1 << PART_ENDS
};

/* Of a flow that has its parts; PART_MACS, PART_FACTS, PART_CONTEXT and PART_ENDS of any. */
static inline void *flow_part(const struct layout *l, const struct flow *f, enum flow_part part)
{
    const void *const base = PARTS_INSIDE >> part & 1 ? f : f->parts;

    return (char *)(uintptr_t)base + l->at[part];
}

/* The record is zeroed; fills what comes from the first packet. It is not added. */
void flow_begin(const struct layout *l, struct flow *f, const struct packet *p);

/* Whether it must have its parts before a packet is added. */
static inline bool flow_wants_parts(const struct flow *f)
{
    return !f->parts && f->packets == YOUNG_PACKETS && !f->silent;
}

/* Gives it its parts, layout.aside zeroed bytes, which have what its packets so far make of them.
 */
void flow_grow(const struct layout *l, struct flow *f, void *parts);

/* Adds a packet, unless the flow is silent; its time as it is. */
void flow_add(const struct layout *l, struct flow *f, const struct packet *p, enum way way);

/* After the last packet, of a flow that has its parts: what is still open becomes part of the
 * statistics. */
void flow_finish(const struct layout *l, struct flow *f);

/* The record of the one was copied to the other, which owns now what that owns. */
void flow_moved(const struct layout *l, struct flow *from, struct flow *to);

/* Frees what the record owns, but for its parts. */
void flow_release(const struct layout *l, struct flow *f);

#endif
