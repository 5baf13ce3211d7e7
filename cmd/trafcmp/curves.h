/* What there is to draw: distributions and series of both sides as rows of one table. */
#ifndef WEIR_TRAFCMP_CURVES_H
#define WEIR_TRAFCMP_CURVES_H

#include "measure.h"
#include "out.h"
#include "side.h"
#include "table.h"

/* Columns what, direction, which (real or synth), x, y; rows of one curve stand together, x
 * ascending (but of `scatter`, which is in order of time):
 *     len.hist     x byte where a bin begins, y share of packets; empty bins have no row
 *     iat.hist     the same, x ms
 *     len.cdf      x bytes, y share of packets with at most x
 *     iat.cdf      the same, x ms
 *     len.acf      x lag, y autocorrelation of len
 *     iat.acf      the same of the time on its logarithmic scale
 *     throughput.cdf   x bytes/s, y share of seconds with at most x
 *     burst.cdf    x packets, y share of runs with at most x
 *     throughput   x second of the longest flow, y bytes in it
 *     scatter      x ms, y bytes of a packet
 * At most CURVE_POINTS points a curve: distributions and scatter evenly thinned, the first and last
 * point kept, throughput cut off. */
void curves_write(const struct side *real, const struct side *synth, const struct scale *scale,
                  enum table_format format, struct out *out);

enum { CURVE_POINTS = 2000 };

#endif
