/* Frames made ahead of time, by a thread of its own: whoever sends them does not wait for a disk or
 * for arithmetic. Holds up to 65,536 frames or 64 MiB. */
#ifndef TRAFGEN_AHEAD_H
#define TRAFGEN_AHEAD_H

#include "capture.h"
#include "err.h"
#include "frames.h"

#include <stdint.h>

struct ahead;

/* A frame as it is sent. */
struct outgoing {
    const uint8_t *data;
    uint64_t ts;    /* ns */
    uint64_t round; /* 0, 1, … */
    uint32_t len;
};

/* What became of the frames, all rounds. */
struct ahead_counts {
    uint64_t too_long;  /* left out: longer than the MTU and the Ethernet header */
    uint64_t too_short; /* left out: no whole Ethernet header */
    uint64_t filled;    /* captured in part; the rest are zeros */
};

/* Takes frames from `f`, which must outlive it and is its own until ahead_free(), `rounds` times
 * (0: for ever) or until a round had none. */
struct ahead *ahead_new(struct frames *f, uint64_t rounds, uint32_t mtu, struct err *e);

/* Waits until it is full, has all frames, or half a second has passed. */
void ahead_fill(struct ahead *a);

/* Waits for the thread, which may itself wait for input. NULL is allowed. */
void ahead_free(struct ahead *a);

/* The next one; its data stay until the call after. CAPTURE_END also after stop_asked(). */
enum capture_status ahead_next(struct ahead *a, struct outgoing *o, struct err *e);

struct ahead_counts ahead_counts(struct ahead *a);

#endif
