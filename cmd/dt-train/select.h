/* Which splits of a grown tree stay under the limits that are set after growing: leaves, pruning,
 * merging. */
#ifndef WEIR_DT_TRAIN_SELECT_H
#define WEIR_DT_TRAIN_SELECT_H

#include "grow.h"
#include "model.h"
#include "options.h"

/* m gives the weights of the classes. */
void select_splits(struct grown *g, const struct options *o, const struct model *m);

#endif
