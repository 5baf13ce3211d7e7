/* Throughput: bytes of each second of a direction.
 *
 * A flow's clock begins at 0 and goes on by the time of each packet, the first one included. Where
 * the time column is one of a direction (its name begins with `dir_`) each direction has a clock
 * of its own, else both share one. Seconds are whole ones of that clock, from that of the first
 * packet to that of the last; seconds without a packet count as 0 bytes. */
#ifndef WEIR_TRAFCMP_PACE_H
#define WEIR_TRAFCMP_PACE_H

#include "dist.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Walks over the seconds of one flow that have packets of one direction. */
struct pace {
    const struct series *s;
    enum series_dir dir;
    bool shared; /* one clock for both directions */
    size_t i, end;
    bool found; /* packet i is one of the direction, and the clock is its own */
    uint64_t clock_second, clock_ns;
    uint64_t second, bytes; /* set by pace_next() */
};

struct pace pace_of(const struct series *s, size_t flow, enum series_dir dir);
bool pace_next(struct pace *p);

/* The bytes of all seconds of all flows. */
struct dist pace_dist(const struct series *s, enum series_dir dir);

#endif
