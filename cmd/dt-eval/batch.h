/* A batch of rows on its way to verdicts. */
#ifndef WEIR_DT_EVAL_BATCH_H
#define WEIR_DT_EVAL_BATCH_H

#include "model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BATCH_ROWS = 4096 };

struct batch {
    size_t n;
    uint64_t *values;   /* n rows of m->n_features values */
    uint32_t *verdicts; /* n, after batch_predict() */
    uint32_t *votes;    /* n rows of m->n_classes; NULL for a single tree if not asked for */

    const struct model *m;
    struct predictor *predictor;
    struct pool *pool;
    size_t most; /* rows at once; fewer than BATCH_ROWS where there are very many classes */
};

/* The model must outlive it. Ends in batch_close(). */
void batch_open(struct batch *b, const struct model *m, bool votes, unsigned threads);
void batch_close(struct batch *b);

/* Where the values of the next row go; b->n++ makes them part of the batch. */
uint64_t *batch_next(struct batch *b);
bool batch_full(const struct batch *b);

/* Fills the verdicts of the rows; the caller takes them and sets b->n to 0. */
void batch_predict(struct batch *b);

#endif
