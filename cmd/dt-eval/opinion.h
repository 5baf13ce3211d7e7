/* A second opinion on the rows, beside the model's: what a file of entries says, as a switch would
 * match it, or a column of the table. How often do they agree, and how good is the other? */
#ifndef WEIR_DT_EVAL_OPINION_H
#define WEIR_DT_EVAL_OPINION_H

#include "input.h"
#include "score.h"

#include <stdbool.h>
#include <stdint.h>

struct opinion {
    const char *name; /* the file or the column; NULL: no second opinion */
    uint64_t rows, agreed;
    uint64_t none;      /* rows without a verdict: none of them agrees or is right */
    uint64_t first_row; /* where they differ first; 0: nowhere */
    uint32_t first_own; /* what the model says there, by number in the score */
    uint32_t first_other;
    struct score *score; /* of the other; without rows where the table has no classes */

    struct entries *entries;
    uint64_t *slots, *sums;
    size_t column;
};

/* After a failure, too, opinion_close() frees what there is. */
bool opinion_open(struct opinion *x, const struct input *in, const struct options *o,
                  struct err *e);
void opinion_close(struct opinion *x);

/* Asks about the current row of these values. own: the model's verdict; truth: the name of the
 * row's class, NULL where the table has none. */
bool opinion_take(struct opinion *x, const struct input *in, const uint64_t *values, uint32_t own,
                  const char *truth, struct err *e);

/* The name of a class in x->score for people. */
const char *opinion_class(const struct opinion *x, uint32_t class);

#endif
