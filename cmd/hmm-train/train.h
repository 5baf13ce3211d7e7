/* A series in, a model out. */
#ifndef WEIR_TRAIN_H
#define WEIR_TRAIN_H

#include "options.h"

/* Reads, fits, writes the model to out and the table of scores to standard error. */
bool train(const struct options *options, struct out *out, struct err *e);

#endif
