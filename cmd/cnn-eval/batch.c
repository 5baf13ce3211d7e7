#include "batch.h"

#include "mem.h"

#include <stdlib.h>

enum {
    BATCH_ROWS = 4096,
    MOST_NUMBERS = 16 * 1024 * 1024, /* of a batch */
    ENCODE_ROWS = 64,                /* that a thread takes at a time */
};

bool batch_open(struct batch *b, const struct cnn *m, const struct table *t, bool hidden,
                unsigned threads, struct err *e)
{
    *b = (struct batch){.m = m};
    const struct nn_shape shape = cnn_shape(m, &b->extra_each);
    b->in_each = shape.steps * shape.channels;
    b->packets_each = m->places * CNN_SEQUENCES;
    const size_t each =
        b->packets_each + m->n_stats + b->in_each + b->extra_each + m->unknown.hidden;

    b->most = each * BATCH_ROWS > MOST_NUMBERS ? MOST_NUMBERS / each : BATCH_ROWS;
    b->in = mem_alloc(b->most * b->in_each, sizeof *b->in);
    b->extra = mem_alloc(b->most * b->extra_each, sizeof *b->extra);
    b->packets = mem_alloc(b->most * b->packets_each, sizeof *b->packets);
    b->stats = mem_alloc(b->most * m->n_stats, sizeof *b->stats);
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
    if (!cnn_input_get(b->input, t, b->packets + b->n * b->packets_each,
                       b->stats + b->n * b->m->n_stats, e))
        return false;
    b->n++;
    return true;
}

static void encode_part(void *batch, size_t at, unsigned thread)
{
    struct batch *const b = batch;
    const size_t first = at * ENCODE_ROWS,
                 end = b->n - first < ENCODE_ROWS ? b->n : first + ENCODE_ROWS;

    (void)thread;
    for (size_t i = first; i < end; i++)
        cnn_encode(b->m, b->packets + i * b->packets_each, b->stats + i * b->m->n_stats,
                   b->in + i * b->in_each, b->extra + i * b->extra_each);
}

bool batch_ask(struct batch *b, struct err *e)
{
    if (b->n == 0)
        return true;
    pool_run(b->pool, (b->n + ENCODE_ROWS - 1) / ENCODE_ROWS, encode_part, b);
    return cnn_ask(b->asker, b->in, b->extra, b->n, b->answers, b->hidden, e);
}
