/* A tree as a list of boxes: for every feature a range of values, and an outcome. The first box of
 * the list that holds a row gives the row's outcome; a row in no box has the default outcome.
 *
 * Without a default the boxes are disjoint: one for each largest subtree of a single outcome. With
 * one, boxes nest, and the list is the shortest that boxes of tree nodes can make: with
 *
 *     cost(node, d) = min(sum of cost(child, d), 1 + min over e of sum of cost(child, e))
 *
 * entries for a node whose background is d, cost(node, .) takes two values, c and c + 1, so that a
 * node is described by c and the set of outcomes that reach it. The set of a split is what its
 * children's sets share, or their union at one more entry where they share nothing (Fitch's
 * algorithm for parsimony, which for prefixes is that of optimal routing tables: Draves et al.,
 * "Constructing Optimal IP Routing Tables", 1999). */
#ifndef WEIR_BOXES_H
#define WEIR_BOXES_H

#include "model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inclusive. */
struct interval {
    uint64_t low, high;
};

enum boxes_default {
    BOXES_DISJOINT, /* no default */
    BOXES_BEST,     /* the default that needs the fewest boxes; the lowest such */
    BOXES_GIVEN,
};

struct boxes_input {
    const struct tree *tree;
    const uint32_t *outcomes; /* of the tree's leaves */
    const uint64_t *tops;     /* of each feature: the upper end of its values, >= any threshold */
    size_t n_features;
    enum boxes_default mode;
    uint32_t default_outcome; /* with BOXES_GIVEN */
};

/* Called for each box, first match first. `box` has a range for every feature and is gone after the
 * call. */
typedef void boxes_fn(void *context, const struct interval *box, uint32_t outcome);

/* Returns the default outcome (0 without one). Leaves that no row can reach are left out. */
uint32_t boxes_list(const struct boxes_input *in, boxes_fn *fn, void *context);

#endif
