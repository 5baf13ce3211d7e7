/* Trees that other programs trained, on their way to a model: splits of any threshold and rule, and
 * values at the leaves whose sums decide. The readers fill it from scikit-learn's, XGBoost's and
 * LightGBM's files; import_model() makes integers of it. */
#ifndef WEIR_IMPORT_H
#define WEIR_IMPORT_H

#include "err.h"
#include "model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the origin decides for the yes branch, x being the feature's integer. */
enum import_rule {
    IMPORT_FLOAT_AT_MOST, /* scikit-learn: (float)x <= threshold, as doubles */
    IMPORT_FLOAT_BELOW,   /* XGBoost: (float)x < (float)threshold */
    IMPORT_AT_MOST,       /* LightGBM: x <= threshold, as doubles */
};

struct import_node {
    double threshold;
    int32_t feature; /* IMPORT_LEAF: a leaf, and yes is the place of its values */
    uint32_t yes, no;
};

enum { IMPORT_LEAF = -1 };

struct import_tree {
    struct import_node *nodes; /* the first is the root; any order */
    size_t n_nodes, cap_nodes;
    double *values; /* a leaf's `width` of them after another's */
    size_t n_leaves, cap_values;
    uint32_t class_index; /* whose values they are where width is 1 */
};

struct import {
    enum import_rule rule;
    const char *origin; /* "XGBoost" */
    size_t width;       /* values of a leaf: 1, or one for each class */
    bool counts;        /* they are training rows */
    char **features;    /* names; NULL: the file has none */
    size_t n_features;
    char **classes; /* NULL: the file has none */
    size_t n_classes;
    double *bases; /* the margin that each class has before any tree; NULL: 0. Of two classes most
                      often the second alone has trees and a base: margins against the first */
    struct import_tree *trees;
    size_t n_trees, cap_trees;
    size_t late; /* trees left out, which its origin does not ask either: early stopping */
};

/* What the file does not tell. */
struct import_options {
    const char *features; /* names with commas between; NULL: the file's */
    const char *classes;  /* likewise */
    double base_score;    /* of a dump of XGBoost's: a probability */
    unsigned bits;        /* of a feature that the registry does not have */
    const char *label;
};

struct import_counts {
    size_t dropped; /* splits that all values of the feature's domain pass the same way */
};

/* Reads a file in memory, of whichever program. NULL with *e ("NAME: …" or "NAME:LINE: …"). Freed
 * with import_free(). */
struct import *import_read(const char *text, size_t n, const char *name,
                           const struct import_options *o, struct err *e);
void import_free(struct import *x);

/* The model that says for every integer what the trees say, to the resolution of its votes. NULL
 * with *e. Freed with model_free(). */
struct model *import_model(const struct import *x, const struct import_options *o,
                           struct import_counts *counts, const char *name, struct err *e);

/* For the readers: the readers of each kind, and what they fill in with. */
struct import *import_sklearn(const void *json, const char *name, struct err *e);
struct import *import_xgboost(const void *json, const char *name, const struct import_options *o,
                              struct err *e);
struct import *import_lightgbm(const char *text, size_t n, const char *name, struct err *e);

struct import *import_new(const char *origin, enum import_rule rule);
struct import_tree *import_add_tree(struct import *x);
uint32_t import_add_node(struct import_tree *t, struct import_node node);

/* The place of a leaf's values, `width` of them, which the caller fills in. */
double *import_add_leaf(struct import *x, struct import_tree *t, uint32_t *place);

/* Names of a list "a,b,c". Freed with import_free_names(). */
char **import_names(const char *list, size_t *n);
void import_free_names(char **names, size_t n);

#endif
