/* Which columns of a table train. */
#ifndef WEIR_CNN_TRAIN_CHOOSE_H
#define WEIR_CNN_TRAIN_CHOOSE_H

#include "cnn.h"
#include "options.h"
#include "table.h"

/* Sets the places, sequences and names of statistics of a model in the making: the columns that
 * --features names, else every registered feature and every unknown column, without those that
 * --drop names. False with *e: none is left, or more packets are asked for than there are. */
bool choose_columns(struct cnn *m, const struct table *t, const struct options *o, struct err *e);

#endif
