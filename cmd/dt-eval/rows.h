/* Rows kept in memory: all of a table, or as many as are worked on at once. */
#ifndef WEIR_DT_EVAL_ROWS_H
#define WEIR_DT_EVAL_ROWS_H

#include "input.h"
#include "score.h"

#include <stddef.h>
#include <stdint.h>

struct rows {
    uint64_t *values; /* n rows of m->n_features values */
    uint32_t *truth;  /* class numbers in the score; only with a score */
    size_t n, cap_values, cap_truth;
};

/* Replaces the rows by the next ones of the table, `most` at most; none are left when n is 0. With
 * a score each row must have a class, which gets its number there. */
bool rows_read(struct rows *r, struct input *in, struct score *classes, size_t most, struct err *e);
void rows_free(struct rows *r);

/* A score in which the classes of the model have their numbers. */
struct score *rows_score(const struct model *m);

#endif
