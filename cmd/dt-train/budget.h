/* A tree of so many leaves: of the splits of a fully grown tree those are kept that growing
 * best-first would have made, greatest gain first. */
#ifndef WEIR_DT_TRAIN_BUDGET_H
#define WEIR_DT_TRAIN_BUDGET_H

#include "cart_grow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A node's best split does not depend on when it is made, so this equals growing best-first.
 * Equal gains: the node that comes first in preorder.
 *
 * merged: leaves below a split whose verdicts all agree count as one, since a switch needs one
 * entry for them, and what that frees goes to further splits. A split that would take more leaves
 * than are left is passed over. */
void budget_best_first(struct grown *g, size_t max_leaves, bool merged);

#endif
