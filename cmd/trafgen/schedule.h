/* When each packet is due: always reckoned from the start, so that no error adds up.
 *
 * due = start + moved + (rounds before + ts - first ts) / speed. A round lasts from its first to
 * its last packet, and a gap more: the mean gap of the first round, or what was asked for. */
#ifndef TRAFGEN_SCHEDULE_H
#define TRAFGEN_SCHEDULE_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct schedule {
    uint64_t start;       /* of the first packet, by the clock */
    double speed;         /* > 0 */
    bool has_gap;         /* else the mean gap */
    uint64_t gap;         /* ns of the packets' time between the last packet and the next round */
    uint64_t moved;       /* ns, by schedule_move() */
    uint64_t first, last; /* packets' time */
    uint64_t before;      /* rounds before this one, ns of the packets' time */
    uint64_t round, packets; /* rounds begun before this one; packets of this one */
};

/* The rest is 0. */
struct schedule schedule_new(uint64_t start, double speed, bool has_gap, uint64_t gap);

/* A packet of round 0, 1, …; ts must not run backwards within a round. False with *e: there is no
 * gap to begin another round after. */
bool schedule_due(struct schedule *s, uint64_t ts, uint64_t round, uint64_t *due, struct err *e);

/* Everything from now on is due so much later. */
void schedule_move(struct schedule *s, uint64_t ns);

#endif
