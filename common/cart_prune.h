/* Cutting a grown tree back: a split that goes has its flag `kept` cleared, and what is below it
 * counts no more. */
#ifndef WEIR_CART_PRUNE_H
#define WEIR_CART_PRUNE_H

#include "cart_grow.h"

#include <stddef.h>

/* Minimal cost-complexity pruning (Breiman and others, 1984, chapter 3): of all subtrees the
 * smallest that minimises impurity / total_weight + alpha * leaves. */
void prune_cost_complexity(struct grown *g, double alpha, double total_weight);

/* Drops every split below which all leaves have one verdict: no prediction changes. */
void prune_same_verdict(struct grown *g);

/* Leaves of what is kept. */
size_t grown_leaves(const struct grown *g);

#endif
