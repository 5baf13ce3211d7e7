#include "generate.h"

#include "symbols_draw.h"

/* A chain, and how its sequences begin. */
struct generator {
    const struct chain *c;
    struct chain_walk *walk;
    uint32_t symbol; /* to start with, or CHAIN_NO_SYMBOL */
    bool as_learnt;  /* as sequences were seen to begin */
};

static const char *name_of(const void *context, uint32_t symbol)
{
    const struct generator *const g = context;

    return chain_symbol(g->c, symbol);
}

static uint32_t next(void *context, struct rng *r)
{
    const struct generator *const g = context;

    return chain_walk_next(g->walk, r);
}

static uint32_t first(void *context, struct rng *r)
{
    const struct generator *const g = context;

    if (g->as_learnt) {
        chain_walk_start(g->walk);
        return chain_walk_next(g->walk, r);
    }
    chain_walk_clear(g->walk);
    if (g->symbol == CHAIN_NO_SYMBOL)
        return chain_walk_next(g->walk, r);
    chain_walk_take(g->walk, g->symbol);
    return g->symbol;
}

static uint32_t length(void *context, struct rng *r)
{
    const struct generator *const g = context;

    return chain_draw_length(g->c, r);
}

void generate(const struct chain *c, const struct options *o, uint32_t symbol,
              enum table_format format, struct out *out)
{
    struct generator g = {
        .c = c, .walk = chain_walk_new(c), .symbol = symbol, .as_learnt = !o->shared->series.start};
    const struct symbols_source source = {.column = chain_column(c),
                                          .n_symbols = chain_symbols(c),
                                          .sequences = chain_sequences(c),
                                          .context = &g,
                                          .name = name_of,
                                          .first = first,
                                          .next = next,
                                          .length = length};
    const struct symbols_wanted wanted = {o->shared->series.n, o->shared->series.flows,
                                          o->shared->seed};

    symbols_draw(&source, &wanted, format, out);
    chain_walk_free(g.walk);
}
