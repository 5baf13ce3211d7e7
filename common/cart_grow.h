/* Growing a tree: exact CART (Breiman, Friedman, Olshen and Stone, 1984) on ranked columns.
 *
 * Every node tries every cut between two neighbouring values of every feature and takes the one
 * with the greatest score (cart_criterion.h), computed in double precision. Among equal ones that
 * with the widest margin wins, the gap between the two values as a share of the node's range of the
 * feature; then the feature tried first (in order, but for forests), then the lowest threshold. A
 * node that gains nothing by its best split is split all the same as long as it holds more than one
 * class: what lies below may gain. */
#ifndef WEIR_CART_GROW_H
#define WEIR_CART_GROW_H

#include "cart_criterion.h"
#include "cart_sample.h"
#include "pool.h"
#include "progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The threshold between two neighbouring values a < b. */
enum cut_kind {
    CUT_GEOMETRIC, /* floor(sqrt((a + 1) (b + 1))) - 1: halfway on a logarithmic scale */
    CUT_MIDDLE,    /* floor((a + b) / 2) */
    CUT_ROUND,     /* the one whose successor ends in the most zero bits: fewest prefixes */
};

/* A node of a grown tree. Nodes stand in preorder: the yes branch of node i is node i + 1. */
struct grown_node {
    uint64_t threshold; /* split: yes where value <= threshold */
    uint32_t feature;   /* TREE_LEAF where it was not split */
    uint32_t no;        /* split: the node of the no branch */
    uint32_t start;     /* its rows are [start, start + rows) of the sample after growing */
    uint32_t rows;
    uint32_t verdict; /* the class with the greatest weight; the lowest such */
    bool kept;        /* split: the branches stay; what prunes and selects clears it */
    double errors;    /* the weight of the rows of other classes than the verdict */
    double impurity;  /* times the weight of its rows */
    double gain;      /* split: impurity less the impurity of the two branches, >= 0 */
};

struct grown {
    struct grown_node *nodes;
    size_t n;
    size_t cap;
};

struct grow_options {
    const struct criterion *criterion;
    uint32_t max_depth;  /* splits on a path from the root to a leaf */
    uint32_t min_split;  /* rows that a node must have to be split, >= 2 */
    uint32_t min_leaf;   /* rows that each branch must have, >= 1 */
    size_t max_features; /* features that a split chooses from, 1..n_features */
    uint64_t seed;       /* of that choice */
    enum cut_kind cut;
};

/* Grows a tree on all rows of the sample, whose rows are put in the order of the leaves. The bytes
 * of the result do not depend on the number of threads. progress may be NULL. Freed with
 * grown_free(). */
struct grown *grow(struct sample *s, const struct ranking *r, const struct grow_options *options,
                   struct pool *pool, struct progress *progress);
void grown_free(struct grown *g);

#endif
