/* The rows of a table as a flow classifier takes them. */
#ifndef WEIR_CNN_INPUT_H
#define WEIR_CNN_INPUT_H

#include "cnn.h"
#include "table.h"

/* What the numbers of packets are divided by: bytes, ns, and powers of ten of the gap in us; and
 * how far from the mean, in deviations, statistics go. */
enum { CNN_LEN_UNIT = 1500, CNN_IAT_UNIT = 1000, CNN_IAT_DECADES = 3, CNN_MOST_DEVIATIONS = 10 };

struct cnn_input;

/* Finds the columns of the model's places and statistics (nothing else of it is used, so that it
 * may be in the making); a missing one is an error that names it. Freed with cnn_input_free(). */
struct cnn_input *cnn_input_new(const struct table *t, const struct cnn *m, struct err *e);
void cnn_input_free(struct cnn_input *x);

/* The current row as it stands there. packets: for each place the length, the gap in ns and the
 * direction, 1 or 0; NaN where there is no packet, or the model does not look. stats: NaN for an
 * empty field. False with *e: no number, one out of range, a packet of which something is missing
 * or that comes after an empty place. */
bool cnn_input_get(const struct cnn_input *x, const struct table *t, double *packets, double *stats,
                   struct err *e);

/* Packets that there are. */
size_t cnn_packets(const struct cnn *m, const double *packets);

/* A statistic on its scale (NaN stays). */
double cnn_stat_scaled(const struct cnn_stat *s, double value);

/* What goes into the network, as many numbers as cnn_shape() says, all within [-50, 50].
 *
 * A place: 1 where there is a packet, its length / 1500 with the sign of its direction,
 * log10(1 + gap in us) / 3, the direction as 1 or -1, the places of that length and of the gap in
 * ns among their knots; all 0 where there is none. A statistic: standardised, within [-10, 10], its
 * place among its knots, all 0 for an empty field; then its flag. Without places the statistics go
 * to `in`, else to `extra`. */
void cnn_encode(const struct cnn *m, const double *packets, const double *stats, float *in,
                float *extra);

#endif
