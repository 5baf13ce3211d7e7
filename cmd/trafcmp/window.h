/* Windows: some packets of one flow in a row, both directions, as numbers that a tree can learn
 * from.
 *
 * Of each packet its direction, len and time. Of each direction in the window: the packets, the
 * sum of the times, least, greatest, mean and standard deviation of len and of the time, the mean
 * change of both from one packet of the direction to its next, how many different lengths there
 * are and how often one comes twice running. Of each of the four ways in which two neighbours can
 * have directions: how often, and the mean time of the second one. Means of times are those of
 * their logarithms (series_point()). */
#ifndef WEIR_TRAFCMP_WINDOW_H
#define WEIR_TRAFCMP_WINDOW_H

#include "series.h"

#include <stddef.h>
#include <stdint.h>

enum { WINDOW_MAX = 1000 };

/* How many numbers describe a window of so many packets, and these numbers of the window that
 * begins with packet `first`. */
size_t window_width(size_t packets);
void window_describe(const struct series *s, size_t first, size_t packets, uint64_t *values);

/* Places of windows in a series: flow by flow, every `stride` packets; `extra` packets of the flow
 * must come after the window. At most `most` of them, then evenly thinned (0: no limit). Freed by
 * the caller. */
size_t *window_places(const struct series *s, size_t packets, size_t stride, size_t extra,
                      size_t most, size_t *n);

#endif
