/* A second opinion on the rows, beside the model's: what a file of entries says, as a switch would
 * match it, or a column of the table. */
#ifndef WEIR_DT_EVAL_OPINION_H
#define WEIR_DT_EVAL_OPINION_H

#include "input.h"
#include "second.h"

#include <stdbool.h>
#include <stdint.h>

struct opinion {
    struct second said; /* its name is NULL where there is no second opinion */

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

#endif
