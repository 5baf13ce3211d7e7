/* Writing a series of symbols that a model draws: a table with the model's column and, where there
 * are many sequences, a column flow. */
#ifndef WEIR_SYMBOLS_DRAW_H
#define WEIR_SYMBOLS_DRAW_H

#include "out.h"
#include "rng.h"
#include "table.h"

#include <stddef.h>
#include <stdint.h>

/* A model at work. first() begins a sequence; the length of one is drawn from those learnt. */
struct symbols_source {
    const char *column;
    size_t n_symbols;
    uint64_t sequences; /* that it learnt from */
    void *context;
    const char *(*name)(const void *context, uint32_t symbol);
    uint32_t (*first)(void *context, struct rng *r);
    uint32_t (*next)(void *context, struct rng *r);
    uint32_t (*length)(void *context, struct rng *r);
};

/* How much is wanted: 0, as was learnt. n: symbols in all; flows: sequences. */
struct symbols_wanted {
    uint64_t n, flows;
    uint64_t seed;
};

/* Every sequence has a random stream of its own. Stops early when writing fails, which out_close()
 * tells. */
void symbols_draw(const struct symbols_source *s, const struct symbols_wanted *wanted,
                  enum table_format format, struct out *out);

#endif
