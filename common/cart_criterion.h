/* How good a split is: Gini impurity or entropy of weighted class counts (Breiman, Friedman, Olshen
 * and Stone, "Classification and regression trees", 1984, chapter 4).
 *
 * With w(c) the weight of a row of class c, n(c) the rows and W the weight of all rows of a node,
 * its score is
 *     gini:     sum of (w(c) n(c))^2 / W
 *     entropy:  sum of w(c) n(c) log2(w(c) n(c)), less W log2 W
 * and the score of a split is the sum over its two sides. Impurity times W is W less the score, or
 * just less the score, so the split with the greatest score is the one whose sides are purest, and
 * what it gains is its score less the node's. When a row changes sides only one n(c) does, so a
 * candidate costs the same whatever the number of classes. */
#ifndef WEIR_CART_CRITERION_H
#define WEIR_CART_CRITERION_H

#include "model.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum criterion_kind {
    CRITERION_GINI,
    CRITERION_ENTROPY,
};

struct criterion {
    enum criterion_kind kind;
    size_t n_classes;
    double *weight;     /* of a row, by class */
    double *square;     /* gini: weight * weight */
    double *log_weight; /* entropy: log2(weight) */
    double *n_log_n;    /* entropy: n log2(n) for each number of rows */
};

/* The weights of the classes are copied. Freed with criterion_free(). */
struct criterion *criterion_new(enum criterion_kind kind, const struct model_class *classes,
                                size_t n_classes, size_t n_rows);
void criterion_free(struct criterion *c);

/* The rows of a node on the two sides of a split, by class. All rows begin on the no side. */
struct sides {
    uint32_t *yes, *no; /* n_classes counters each */
    double yes_sum, no_sum;
    double yes_weight, no_weight;
};

static inline double criterion_gain_in(const struct criterion *c, enum criterion_kind kind,
                                       uint32_t class_index, uint32_t rows)
{
    /* What the sum grows by when the class goes from rows to rows + 1. */
    if (kind == CRITERION_GINI)
        return c->square[class_index] * (double)(2 * (uint64_t)rows + 1);
    return c->weight[class_index] *
           (c->n_log_n[rows + 1] - c->n_log_n[rows] + c->log_weight[class_index]);
}

/* Moves one row to the yes side. */
static inline void sides_move(struct sides *s, const struct criterion *c, enum criterion_kind kind,
                              uint32_t class_index)
{
    const uint32_t yes = s->yes[class_index]++, no = --s->no[class_index];

    s->yes_sum += criterion_gain_in(c, kind, class_index, yes);
    s->no_sum -= criterion_gain_in(c, kind, class_index, no);
    s->yes_weight += c->weight[class_index];
    s->no_weight -= c->weight[class_index];
}

static inline double criterion_score(enum criterion_kind kind, double sum, double weight)
{
    return kind == CRITERION_GINI ? sum / weight : sum - weight * log2(weight);
}

static inline double sides_score(const struct sides *s, enum criterion_kind kind)
{
    return criterion_score(kind, s->yes_sum, s->yes_weight) +
           criterion_score(kind, s->no_sum, s->no_weight);
}

#endif
