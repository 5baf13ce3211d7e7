/* What a row of each class weighs. */
#ifndef WEIR_DT_TRAIN_WEIGHTS_H
#define WEIR_DT_TRAIN_WEIGHTS_H

#include "dataset.h"
#include "err.h"
#include "options.h"

#include <stdbool.h>

/* Sets the weights of the dataset's classes. balanced: rows / (classes * rows of the class), so
 * that all classes weigh the same together. FILE: a table with columns class and weight (a number >
 * 0); classes that it does not name weigh 1, and one that the dataset does not have is an error. */
bool weights_set(struct dataset *d, const struct options *o, struct err *e);

#endif
