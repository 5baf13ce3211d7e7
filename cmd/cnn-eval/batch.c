#include "batch.h"

#include "mem.h"

#include <stdlib.h>

enum {
    BATCH_ROWS = 4096,
    MOST_NUMBERS = 16 * 1024 * 1024, /* of a batch */
};

bool batch_open(struct batch *b, const struct cnn *m, const struct table *t, bool hidden,
                unsigned threads, struct err *e)
{
    *b = (struct batch){.m = m};
    const struct nn_shape shape = cnn_shape(m, &b->extra_each);
    b->in_each = shape.steps * shape.channels;
    const size_t each = b->in_each + b->extra_each + m->unknown.hidden;

    b->most = each * BATCH_ROWS > MOST_NUMBERS ? MOST_NUMBERS / each : BATCH_ROWS;
    b->in = mem_alloc(b->most * b->in_each, sizeof *b->in);
    b->extra = mem_alloc(b->most * b->extra_each, sizeof *b->extra);
    b->packets = mem_alloc(m->places * CNN_SEQUENCES, sizeof *b->packets);
    b->stats = mem_alloc(m->n_stats, sizeof *b->stats);
    b->answers = mem_alloc(b->most, sizeof *b->answers);
    b->hidden = hidden ? mem_alloc(b->most * m->unknown.hidden, sizeof *b->hidden) : NULL;
    b->pool = pool_new(threads);
    b->input = cnn_input_new(t, m, e);
    b->asker = b->input ? cnn_asker_new(m, b->pool, e) : NULL;
    return b->asker != NULL;
}

void batch_close(struct batch *b)
{
    cnn_asker_free(b->asker);
    cnn_input_free(b->input);
    pool_free(b->pool);
    free(b->in);
    free(b->extra);
    free(b->packets);
    free(b->stats);
    free(b->answers);
    free(b->hidden);
}

bool batch_add(struct batch *b, const struct table *t, struct err *e)
{
    if (!cnn_input_get(b->input, t, b->packets, b->stats, e))
        return false;
    cnn_encode(b->m, b->packets, b->stats, b->in + b->n * b->in_each,
               b->extra + b->n * b->extra_each);
    b->n++;
    return true;
}

bool batch_ask(struct batch *b, struct err *e)
{
    return b->n == 0 || cnn_ask(b->asker, b->in, b->extra, b->n, b->answers, b->hidden, e);
}
