/* Learning a tree or a forest from numbers in memory. */
#ifndef WEIR_TRAFCMP_LEARN_H
#define WEIR_TRAFCMP_LEARN_H

#include "model.h"

#include <stddef.h>
#include <stdint.h>

/* Rows of `width` numbers, each with a class in [0, n_classes). */
struct examples {
    size_t n, width, n_classes;
    uint64_t *values; /* row after row */
    uint32_t *labels;
};

/* Room for n rows. Freed with examples_destroy(). */
struct examples examples_new(size_t n, size_t width, size_t n_classes);
void examples_destroy(struct examples *x);

struct learner {
    size_t trees; /* 1: one tree on all numbers; more: a forest, each split on a few of them */
    uint32_t max_depth, min_leaf;
    uint64_t seed;
};

/* Learns from the rows listed (n > 0 of them). Of the model only what model_predict() needs is
 * set. Freed with model_free(). */
struct model *learn(const struct examples *x, const uint32_t *rows, size_t n,
                    const struct learner *how);

/* What the model says of the rows listed, into `verdicts`. */
void learnt_say(const struct model *m, const struct examples *x, const uint32_t *rows, size_t n,
                uint32_t *verdicts);

#endif
