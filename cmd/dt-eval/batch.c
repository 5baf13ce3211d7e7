#include "batch.h"

#include "mem.h"
#include "pool.h"
#include "predictor.h"

#include <stdlib.h>

enum {
    PART_ROWS = 256,
    MOST_VOTES = 4 * 1024 * 1024, /* in a batch */
};

void batch_open(struct batch *b, const struct model *m, bool votes, unsigned threads)
{
    const bool need_votes = votes || m->n_trees > 1;

    *b = (struct batch){.m = m, .most = BATCH_ROWS};
    if (need_votes && m->n_classes > MOST_VOTES / BATCH_ROWS)
        b->most = MOST_VOTES / m->n_classes;
    b->values = mem_alloc(b->most * m->n_features, sizeof *b->values);
    b->verdicts = mem_alloc(b->most, sizeof *b->verdicts);
    b->votes = need_votes ? mem_alloc(b->most * m->n_classes, sizeof *b->votes) : NULL;
    b->predictor = predictor_new(m);
    /* A single tree takes less time than handing rows to threads. */
    b->pool = pool_new(m->n_trees > 1 ? threads : 1);
}

void batch_close(struct batch *b)
{
    pool_free(b->pool);
    predictor_free(b->predictor);
    free(b->values);
    free(b->verdicts);
    free(b->votes);
}

uint64_t *batch_next(struct batch *b)
{
    return b->values + b->n * b->m->n_features;
}

bool batch_full(const struct batch *b)
{
    return b->n == b->most;
}

static void predict_part(void *batch, size_t part, unsigned thread)
{
    const struct batch *const b = batch;
    const size_t first = part * PART_ROWS;
    const size_t n = b->n - first < PART_ROWS ? b->n - first : PART_ROWS;

    (void)thread;
    predictor_rows(b->predictor, b->values + first * b->m->n_features, n, b->verdicts + first,
                   b->votes ? b->votes + first * b->m->n_classes : NULL);
}

void batch_predict(struct batch *b)
{
    if (b->n <= PART_ROWS)
        predict_part(b, 0, 0);
    else
        pool_run(b->pool, (b->n + PART_ROWS - 1) / PART_ROWS, predict_part, b);
}
