/* Which splits of a grown tree stay under the limits that are set after growing: leaves, pruning,
 * merging. */
#ifndef WEIR_DT_TRAIN_SELECT_H
#define WEIR_DT_TRAIN_SELECT_H

#include "grow.h"
#include "model.h"
#include "options.h"

#include <stddef.h>

/* m gives the weights of the classes; max_leaves stands for the option's, SIZE_MAX: no limit. */
void select_splits(struct grown *g, const struct options *o, const struct model *m,
                   size_t max_leaves);

#endif
