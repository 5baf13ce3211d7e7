/* What growing in memory (cart_grow.c) and growing in cache (cart_block.c) share: the work at hand,
 * class counters, nodes that wait, and the scan over the candidates of one feature. */
#ifndef WEIR_CART_NODE_H
#define WEIR_CART_NODE_H

#include "cart_criterion.h"
#include "cart_grow.h"
#include "cart_sample.h"
#include "model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct growth {
    struct sample *sample;
    const struct ranking *ranking;
    const struct grow_options *options;
};

/* Class counters of one thread; all 0 between uses. */
struct tally {
    uint32_t *yes, *no;
};

void tally_init(struct tally *t, size_t n_classes);
void tally_destroy(struct tally *t);

/* A node that waits for its split, or is known to be a leaf. */
struct open_node {
    struct grown_node node;
    double sum, weight; /* of its rows, see cart_criterion.h */
    uint32_t depth;
    uint32_t parent; /* the node whose no branch this is, or NODE_NONE */
    bool leaf;
};

#define NODE_NONE UINT32_MAX

struct node_stack {
    struct open_node *items;
    size_t n;
    size_t cap;
};

void node_push(struct node_stack *s, const struct open_node *o);

/* Takes the top node off and appends it to the tree. Its place in the tree is g->n - 1. */
struct open_node node_pop(struct node_stack *s, struct grown *g);

/* The node of the rows [start, start + rows), whose labels stand in the sample. */
struct open_node node_open(const struct growth *g, struct tally *t, uint32_t start, uint32_t rows,
                           uint32_t depth, uint32_t parent);

/* Adds the labels of a node to the counters of the no side, and takes them away again. */
void tally_add(struct tally *t, const uint16_t *labels, size_t n);
void tally_clear(struct tally *t, size_t n_classes, const uint16_t *labels, size_t n);

/* The features that a node tries, in order: the first options->max_features of them, and where
 * those are all constant, the next ones until one is not. `order` has room for n_features. */
void node_features(const struct growth *g, const struct grown_node *node, uint32_t *order);

/* A cut of one feature: the first `yes_rows` rows in order of value go to the yes side. */
struct cut {
    double score;  /* -infinity: none */
    double margin; /* the gap between the values beside the cut, as a share of the node's range */
    uint32_t feature;
    uint32_t yes_rows;
    uint32_t low, high; /* ranks of the values beside the cut */
};

/* The rows of a node in order of one feature's value. */
struct scan {
    const void *items;
    uint64_t (*value_at)(const struct scan *, size_t); /* of the i-th row */
    const uint32_t *ranks;                             /* for value_at() */
    const uint64_t *values;
    const uint16_t *labels;
    uint32_t feature;
    uint32_t rows;
    uint32_t min_leaf;
    const struct criterion *criterion;
    double slack; /* scores that differ by less are equal, see node_slack() */
};

static inline struct cut cut_none(void)
{
    return (struct cut){.score = -INFINITY};
}

/* What rounding may do to the scores of a node's cuts. */
double node_slack(const struct open_node *o);

/* True where a is to be preferred to the b that was found first: the greater score, among equal
 * ones the wider margin. */
bool cut_better(const struct cut *a, const struct cut *b, double slack);

/* Takes the cut before the i-th row if it is better than the best so far, which wins where all is
 * equal. Returns the least score worth a look. */
double cut_consider(struct cut *best, const struct scan *scan, size_t i, double score);

/* The margin is worked out when it is first needed, at the end of the scan at the latest. */
void cut_know_margin(struct cut *best, const struct scan *scan);
#define MARGIN_UNKNOWN (-1.0)

/* Writes threshold and gain of the chosen cut into the node. */
void node_set_split(const struct growth *g, struct grown_node *node, const struct open_node *o,
                    const struct cut *cut);

/* Tries every cut to better the best so far: class_at() gives the class of the i-th row, rank_at()
 * a number that differs where the values do. All rows must be on the no side before, and are on the
 * yes side after. Inlined for each kind of item and criterion, so that the loop holds no call. */
static inline __attribute__((always_inline)) void
scan_cuts(const struct scan *scan, struct sides s, enum criterion_kind kind, struct cut *best,
          uint32_t (*class_at)(const struct scan *, size_t),
          uint32_t (*rank_at)(const struct scan *, size_t))
{
    const uint32_t n = scan->rows, min_leaf = scan->min_leaf;
    double least = best->score - scan->slack;
    uint32_t i = 0;

    for (; i < min_leaf; i++)
        sides_move(&s, scan->criterion, kind, class_at(scan, i));
    for (uint32_t rank = rank_at(scan, i - 1); i <= n - min_leaf; i++) {
        const uint32_t next = rank_at(scan, i);
        if (next != rank) {
            const double score = sides_score(&s, kind);
            if (score >= least)
                least = cut_consider(best, scan, i, score);
        }
        rank = next;
        sides_move(&s, scan->criterion, kind, class_at(scan, i));
    }
    for (; i < n; i++) {
        const uint32_t c = class_at(scan, i);
        s.yes[c]++;
        s.no[c]--;
    }
    cut_know_margin(best, scan);
}

#endif
