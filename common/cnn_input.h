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

/* The current row: in, the places' channels: 1 where there is a packet, its length / 1500 with the
 * sign of its direction, log10(1 + gap in us) / 3, the direction as 1 or -1; all 0 where there is
 * none. stats: the statistics as they stand there, NaN for an empty field; NULL without any. False
 * with *e: no number, one out of range, a packet of which something is missing or that comes after
 * an empty place. */
bool cnn_input_get(const struct cnn_input *x, const struct table *t, float *in, double *stats,
                   struct err *e);

/* A statistic on its scale (NaN stays). */
double cnn_stat_scaled(const struct cnn_stat *s, double value);

/* The statistics standardised, with their flags, as many as cnn_shape() says; within [-10, 10]. An
 * empty one counts as the mean. */
void cnn_standardise(const struct cnn *m, const double *stats, float *to);

#endif
