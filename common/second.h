/* A second opinion on rows, beside a model's: how often do they agree, and how good is the other?
 */
#ifndef WEIR_SECOND_H
#define WEIR_SECOND_H

#include "score.h"

#include <stdint.h>

/* Start with the name (of a file or a column; NULL: there is no second opinion) and a score that
 * has the model's classes; score_free() that. */
struct second {
    const char *name;
    uint64_t rows, agreed;
    uint64_t none;      /* rows without a verdict: none of them agrees or is right */
    uint64_t first_row; /* where they differ first; 0: nowhere */
    uint32_t first_own; /* what the model says there, by number in the score */
    uint32_t first_other;
    struct score *score; /* of the other; without rows where the table has no classes */
};

/* Counts a row, of this number from 1: the model's verdict and the other's, SCORE_NONE for none.
 * truth: the name of its class, NULL where the table has none. */
void second_take(struct second *x, uint64_t row, uint32_t own, uint32_t other, const char *truth);

/* The name of a class in x->score for people. */
const char *second_class(const struct second *x, uint32_t class);

#endif
