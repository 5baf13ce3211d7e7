/* How good a classifier's answers are: the confusion matrix and the figures drawn from it.
 *
 * Precision, recall and F1 are 0 where they are undefined (a class that is never predicted has no
 * precision). Macro-F1 is the plain mean of F1 over the classes that occur as the truth or as a
 * prediction, so a class that the model knows and this table never shows does not count, and one
 * that the model can't know counts as 0. */
#ifndef WEIR_SCORE_H
#define WEIR_SCORE_H

#include "table.h"

#include <stddef.h>
#include <stdint.h>

struct score;

/* Freed with score_free(). */
struct score *score_new(void);

/* One with the same classes and no rows. */
struct score *score_new_like(const struct score *s);
void score_free(struct score *s);

/* The number of a class, from 0 in the order in which they are first named here. */
uint32_t score_class(struct score *s, struct span name);
size_t score_classes(const struct score *s);
const char *score_name(const struct score *s, uint32_t class);

/* Counts rows of class `truth` that were said to be of class `predicted`; SCORE_NONE: of no class
 * at all, which is wrong, too. */
#define SCORE_NONE UINT32_MAX
void score_add(struct score *s, uint32_t truth, uint32_t predicted, uint64_t rows);

uint64_t score_rows(const struct score *s);  /* all */
uint64_t score_right(const struct score *s); /* truth and prediction agree */

/* In [0, 1]; 0 without rows. */
double score_accuracy(const struct score *s);
double score_macro_f1(const struct score *s);

/* The figures of one class. */
struct class_score {
    uint64_t support;   /* rows of this class */
    uint64_t predicted; /* rows said to be of this class */
    uint64_t right;     /* rows where both hold */
    double precision, recall, f1;
};

struct class_score score_of(const struct score *s, uint32_t class);

/* What always answering `class` would have scored on the same rows. */
double score_constant_accuracy(const struct score *s, uint32_t class);
double score_constant_macro_f1(const struct score *s, uint32_t class);

/* The class with the most rows; the first named of several. There must be a class. */
uint32_t score_commonest(const struct score *s);

/* The cells of the confusion matrix that are not 0. */
struct score_cell {
    uint32_t truth, predicted;
    uint64_t rows;
};

uint64_t score_cell(const struct score *s, uint32_t truth, uint32_t predicted);

/* All of them by truth, then prediction, in the order of class numbers. Freed by the caller. */
struct score_cell *score_cells(const struct score *s, size_t *n);

#endif
