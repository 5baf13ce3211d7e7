/* Rows on their way to answers. */
#ifndef WEIR_CNN_EVAL_BATCH_H
#define WEIR_CNN_EVAL_BATCH_H

#include "cnn_ask.h"
#include "cnn_input.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>

struct batch {
    size_t n, most;             /* rows that it has, and may have */
    struct cnn_answer *answers; /* of the rows, after batch_ask() */
    float *hidden;              /* of them, m->unknown.hidden numbers each; NULL: not asked for */

    const struct cnn *m;
    struct pool *pool;
    struct cnn_asker *asker;
    struct cnn_input *input;
    double *packets, *stats; /* of the rows, as cnn_input_get() has them */
    float *in, *extra;       /* the same as a network takes them, after batch_ask() */
    size_t packets_each, in_each, extra_each;
};

/* The model must stay. False with *e; batch_close() frees what there is. */
bool batch_open(struct batch *b, const struct cnn *m, const struct table *t, bool hidden,
                unsigned threads, struct err *e);
void batch_close(struct batch *b);

/* Takes the table's current row in. */
bool batch_add(struct batch *b, const struct table *t, struct err *e);

/* Fills in the answers; the caller takes them and sets b->n to 0. */
bool batch_ask(struct batch *b, struct err *e);

#endif
