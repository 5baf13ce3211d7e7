/* A tree of so many leaves that says the most training rows right: of all ways to cut a grown tree
 * back to at most that many leaves, the best one.
 *
 * By dynamic programming from the leaves up (Bohanec and Bratko, "Trading accuracy for simplicity
 * in decision trees", 1994): the fewest errors of a node's subtree with at most k leaves are those
 * of the node as a leaf, or the least sum over all ways to share k leaves out to its branches.
 * Errors are weighted like the rows. */
#ifndef WEIR_DT_TRAIN_FEWEST_ERRORS_H
#define WEIR_DT_TRAIN_FEWEST_ERRORS_H

#include "cart_grow.h"

#include <stddef.h>

struct fewest;

/* Solves it for every number of leaves up to max_leaves. NULL where that would take more than
 * FEWEST_CELLS_MAX numbers of memory: trees that are very deep and large. Freed with fewest_free().
 */
struct fewest *fewest_new(const struct grown *g, size_t max_leaves);
void fewest_free(struct fewest *f);

/* Sets `kept` in the tree that was solved, for at most so many leaves. */
void fewest_apply(const struct fewest *f, struct grown *g, size_t max_leaves);

enum { FEWEST_CELLS_MAX = 1 << 24 };

#endif
