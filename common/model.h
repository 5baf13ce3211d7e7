/* The tree model: one decision tree or a forest, and its text file (weir-formats(5)).
 *
 * A file:
 *
 *     weir-tree 1
 *     made dt-train --max-leaves=64
 *     seed 1
 *     rows 809
 *     label class
 *     missing 0                      (only where --missing was given)
 *     round floor                    (only where --round was given)
 *     weights balanced               (none, balanced or file)
 *     votes 16777215                 (only where leaves hold votes; each at most this)
 *     feature 48 iat                 (bits, name; in the order of the switch key)
 *     feature 16 len
 *     class 400 1 skype              (training rows, weight, name; the first is class number 1)
 *     class 253 1 whasapp
 *     trees 1
 *     tree 3                         (nodes that follow, in preorder, indented by depth)
 *     split 93500 iat                (yes branch first: value <= threshold)
 *      leaf 1:380 2:2                (class number : training rows, in order of number)
 *      leaf 2:251 1:…
 *
 * Names come last on a line because they may hold blanks. What the tree says is derived from the
 * rows and the weights in one place, model_close(), so that every tool and every switch table
 * agree. */
#ifndef WEIR_MODEL_H
#define WEIR_MODEL_H

#include "err.h"
#include "out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MODEL_MAX_FEATURES = 4096,
    MODEL_MAX_CLASSES = 65535,
    MODEL_MAX_TREES = 10000,
    MODEL_MAX_DEPTH = 10000,
    MODEL_VOTE_MAX = 255, /* what a certain leaf gives its class in a forest */
};

enum model_round {
    ROUND_REFUSE, /* a decimal is an error */
    ROUND_FLOOR,
    ROUND_NEAREST, /* halves up */
};

struct model_feature {
    char *name;
    unsigned bits; /* 1..63 */
    uint64_t max;  /* the largest value of its domain [0, max]: the registry's, else 2^bits - 1 */
};

struct model_class {
    char *name;
    uint64_t rows; /* training rows */
    double weight; /* of one row, > 0 */
};

/* A node of a tree, in preorder: the yes branch (value <= threshold) of node i is node i + 1. */
struct tree_node {
    uint64_t threshold; /* < max of the feature */
    uint32_t feature;   /* index, or TREE_LEAF */
    uint32_t next;      /* split: the node of the no branch; leaf: its place in leaves */
};

#define TREE_LEAF UINT32_MAX

struct class_rows {
    uint32_t class_index; /* 0-based */
    uint64_t rows;        /* > 0 */
};

struct tree_leaf {
    size_t first, n;  /* its class_rows in tree.rows: [first, first + n), classes ascending */
    uint32_t verdict; /* 0-based class with the greatest weighted rows; the lowest such */
};

struct tree {
    struct tree_node *nodes;
    size_t n_nodes;
    struct tree_leaf *leaves; /* in preorder */
    size_t n_leaves;          /* (n_nodes + 1) / 2 */
    struct class_rows *rows;
    size_t n_rows;
};

struct model {
    char *made; /* the tool and its options */
    uint64_t seed;
    uint64_t rows;
    char *label; /* name of the class column */
    bool has_missing;
    uint64_t missing;
    enum model_round round;
    char *weights;  /* none, balanced or file */
    uint32_t votes; /* 0: leaves hold training rows; else they hold votes, each at most this, and
                       n_trees of them stay below 2^32 */
    struct model_feature *features;
    size_t n_features;
    struct model_class *classes; /* the class number that a switch sees is the index + 1 */
    size_t n_classes;
    struct tree *trees;
    size_t n_trees; /* 1: a tree; more: a forest */
};

/* Reads a model file; path NULL or "-": standard input. NULL with *e ("FILE:LINE: …") when it is
 * not a whole and sound model: preorder complete, thresholds inside the domain, class numbers in
 * range. Freed with model_free(). */
struct model *model_read(const char *path, struct err *e);
struct model *model_read_memory(const void *p, size_t n, const char *name, struct err *e);
void model_free(struct model *m);

/* Derives the verdicts of all leaves. Called by model_read(); dt-train calls it on what it made. */
void model_close(struct model *m);

void model_write(const struct model *m, struct out *o);

/* The domain of a feature name of so many bits: the registry's maximum where it is registered. */
uint64_t model_feature_max(const char *name, unsigned bits);

/* The leaf (its place in t->leaves) that a row of m->n_features values reaches. */
uint32_t tree_leaf_of(const struct tree *t, const uint64_t *row);

/* The votes of a leaf of a forest: those that it holds, or else for each class the share of
 * weighted rows, scaled to 0..MODEL_VOTE_MAX and rounded to nearest (halves up). votes has room for
 * m->n_classes. */
void model_votes(const struct model *m, const struct tree *t, uint32_t leaf, uint32_t *votes);

/* The most votes that a leaf gives a class. */
uint32_t model_vote_max(const struct model *m);

/* The verdict: a tree's leaf's, or in a forest the class with the greatest sum of votes over the
 * trees; the lowest such class. 0-based. `sums` is scratch for m->n_classes items; after the call
 * on a forest it holds the sums. */
uint32_t model_predict(const struct model *m, const uint64_t *row, uint64_t *sums);

#endif
