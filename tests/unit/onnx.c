/* What models say, with all digits, for comparison with what other programs make of their ONNX
 * files.
 *
 *     onnx cnn MODEL TABLE    a row each: verdict, confidence, novelty, last hidden layer
 *     onnx seq MODEL N        a row each of N steps: the symbol that goes in, the probabilities of
 * the next */
#include "cnn_ask.h"
#include "cnn_input.h"
#include "mem.h"
#include "num.h"
#include "seq.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct flow {
    float *in, *extra, *hidden;
    double *packets, *stats;
};

static void put_answer(const struct cnn *m, const struct cnn_answer *a, const float *hidden)
{
    printf("%s,%.9g,%.17g", a->novelty > 1 ? CNN_UNKNOWN : m->classes[a->class].name,
           (double)a->confidence, a->novelty);
    for (size_t i = 0; i < m->unknown.hidden; i++)
        printf(",%.9g", (double)hidden[i]);
    printf("\n");
}

static bool put_answers(const struct cnn *m, struct table *t, struct err *e)
{
    size_t extra;
    const struct nn_shape shape = cnn_shape(m, &extra);
    struct flow f = {.in = mem_zero(shape.steps * shape.channels, sizeof *f.in),
                     .extra = mem_zero(extra, sizeof *f.extra),
                     .hidden = mem_zero(m->unknown.hidden, sizeof *f.hidden),
                     .packets = mem_zero(m->places * CNN_SEQUENCES, sizeof *f.packets),
                     .stats = mem_zero(m->n_stats, sizeof *f.stats)};
    struct pool *const pool = pool_new(1);
    struct cnn_asker *const asker = cnn_asker_new(m, pool, e);
    struct cnn_input *const input = asker ? cnn_input_new(t, m, e) : NULL;
    struct cnn_answer a;
    enum table_status status = TABLE_BAD;

    while (input && (status = table_next(t, e)) == TABLE_ROW) {
        if (!cnn_input_get(input, t, f.packets, f.stats, e))
            return false;
        cnn_encode(m, f.packets, f.stats, f.in, f.extra);
        if (!cnn_ask(asker, f.in, f.extra, 1, &a, f.hidden, e))
            return false;
        put_answer(m, &a, f.hidden);
    }
    cnn_input_free(input);
    cnn_asker_free(asker);
    pool_free(pool);
    free(f.in);
    free(f.extra);
    free(f.hidden);
    free(f.packets);
    free(f.stats);
    return status == TABLE_END;
}

static bool ask_flows(const char *model, const char *table, struct err *e)
{
    struct cnn *const m = cnn_read(model, e);
    struct table *const t = m ? table_open(table, e) : NULL;
    const bool ok = t && put_answers(m, t, e);

    table_close(t);
    cnn_free(m);
    return ok;
}

static bool ask_series(const char *model, const char *steps, struct err *e)
{
    struct seq *const m = seq_read(model, e);
    struct seq_walk *const w = m ? seq_walk_new(m, e) : NULL;
    struct rng r = rng_new(1, 0);
    uint64_t n = 0;

    if (!w || num_u64(steps, strlen(steps), &n) != NUM_OK)
        return false;
    const uint32_t symbols = (uint32_t)intern_count(m->names);
    for (uint32_t symbol = symbols; n > 0; n--) {
        printf("%u", symbol);
        for (uint32_t s = 0; s < symbols; s++)
            printf(",%.9g", exp(-seq_walk_nats(w, s)));
        printf("\n");
        symbol = seq_walk_next(w, 1, &r);
    }
    seq_walk_free(w);
    seq_free(m);
    return true;
}

int main(int argc, char **argv)
{
    struct err e = {"wrong usage"};

    if (argc != 4 || !(strcmp(argv[1], "cnn") == 0 ? ask_flows : ask_series)(argv[2], argv[3], &e))
        die_err(&e);
    return 0;
}
