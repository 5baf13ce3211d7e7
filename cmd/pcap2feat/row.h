/* What is known about a packet when its row is written: what the columns print. */
#ifndef PCAP2FEAT_ROW_H
#define PCAP2FEAT_ROW_H

#include "decode.h"
#include "named.h"
#include "origin.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

/* What columns need to be known beforehand, as bits. */
enum need {
    NEED_FLOW = 1 << 0,    /* the flow: its id and the packet's direction */
    NEED_BOTH = 1 << 1,    /* the flow's previous packet */
    NEED_SAME = 1 << 2,    /* the flow's previous packet in the same direction */
    NEED_CAPTURE = 1 << 3, /* the capture's previous IP packet */
    NEED_PREVIOUS = NEED_BOTH | NEED_SAME | NEED_CAPTURE,
};

/* From the previous packet of a scope to this one. */
struct step {
    uint64_t iat;      /* ns, at most 2^48 - 1; 0 where time ran backwards or nothing precedes */
    uint32_t diff_len; /* len - previous len + 65535; 65535 where nothing precedes */
};

struct row {
    const struct origin *origin;
    const struct named_filters *named;
    struct packet packet;
    uint64_t frame; /* 1-based place in the file */
    uint64_t flow;
    bool forward;
    struct step both, same, capture;
    struct span class; /* quoted as the output wants it */
};

#endif
