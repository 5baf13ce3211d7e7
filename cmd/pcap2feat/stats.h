/* --stats: what went on in each window of time, a line of KEY=VALUE on standard error. The clock is
 * that of the packets' times, and live that on the wall where no packet comes. */
#ifndef PCAP2FEAT_STATS_H
#define PCAP2FEAT_STATS_H

#include "capture.h"
#include "input.h"

#include <stdbool.h>
#include <stdint.h>

struct stats;

/* interval: ns. The options and the input must outlive it. Freed with stats_free(). */
struct stats *stats_new(uint64_t interval, const struct options *o, const struct input *in);
void stats_free(struct stats *s);

/* Whether the window at hand is over at that time, in ns since the epoch. The first call begins
 * the first one. */
bool stats_due(struct stats *s, uint64_t now);

/* A frame of the window at hand. */
void stats_add(struct stats *s, const struct frame *f);

/* Prints the window's line and begins the next window, that of the time. flows: there are now;
 * rows: since the beginning. */
void stats_line(struct stats *s, uint64_t now, uint64_t flows, uint64_t rows);

/* The same for the part of a window that the end of a capture leaves; the next call of stats_due()
 * begins anew. */
void stats_end(struct stats *s, uint64_t flows, uint64_t rows);

#endif
