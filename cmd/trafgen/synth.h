/* Packets of a series as frames: Ethernet, IPv4 or IPv6, UDP or TCP, with right checksums.
 *
 * Over TCP a flow is a connection: SYN, SYN+ACK and ACK 3, 2 and 1 ms before its start, and after
 * its last packet FIN+ACK, FIN+ACK and ACK. These packets have SYNTH_CONTROL_TTL, those of the
 * series SYNTH_TTL. */
#ifndef TRAFGEN_SYNTH_H
#define TRAFGEN_SYNTH_H

#include "err.h"
#include "frames.h"
#include "packets.h"
#include "plan.h"

#include <stdint.h>

enum { SYNTH_TTL = 64, SYNTH_CONTROL_TTL = 255 };

/* What happened so far; rewinding counts on. */
struct synth_counts {
    uint64_t frames;
    uint64_t raised;  /* lengths below the headers, raised to them */
    uint64_t longest; /* frame, bytes */
};

/* The frames of `p`, which it takes over (on failure, too), as the plan has it. The plan and the
 * counts must outlive it. NULL with *e when the plan has too few addresses and ports. */
struct frames *synth_new(struct packets *p, const struct plan *plan, uint64_t seed,
                         struct synth_counts *counts, struct err *e);

#endif
