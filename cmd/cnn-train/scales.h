/* How numbers of a table go into the network: scales, found by all rows. */
#ifndef WEIR_CNN_TRAIN_SCALES_H
#define WEIR_CNN_TRAIN_SCALES_H

#include "samples.h"

/* Sets means, deviations and knots. A statistic without negative values whose third moment says
 * that its tail is long gets a logarithm. */
void scales_find(const struct samples *s, struct cnn *m);

#endif
