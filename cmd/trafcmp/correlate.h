/* How numbers go together: with other numbers, and with those that came some packets before. */
#ifndef WEIR_TRAFCMP_CORRELATE_H
#define WEIR_TRAFCMP_CORRELATE_H

#include "series.h"

#include <stddef.h>

/* Pearson's coefficient of n pairs; NaN where x or y does not vary, or with fewer than two pairs.
 * Spearman's is Pearson's of the ranks. */
double pearson(const double *x, const double *y, size_t n);

/* Autocorrelation of the packets' numbers x at lags 1..lags, into r[0]..r[lags - 1]:
 *     sum of (x[i] - m) (x[i + k] - m) over pairs of one flow / sum of (x[i] - m)^2
 * with m the mean of all. NaN where no flow has a pair, or where x does not vary. x is left less
 * its mean. */
void autocorrelation(double *x, const struct series *s, double *r, size_t lags);

#endif
