#include "generate.h"

#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

/* What a row ends with, ready to be written. */
struct ending {
    char *text;
    size_t n;
};

struct generator {
    const struct chain *c;
    const struct options *o;
    uint32_t symbol; /* to start with, or CHAIN_NO_SYMBOL */
    struct chain_walk *walk;
    struct ending *endings; /* of each symbol */
    char delimiter;
    bool many; /* sequences: there is a column flow */
    struct out *out;
};

static struct ending *make_endings(const struct chain *c, enum table_format format)
{
    struct ending *const endings = mem_alloc(chain_symbols(c), sizeof *endings);

    for (uint32_t s = 0; s < chain_symbols(c); s++) {
        char *const text = table_quoted(chain_symbol(c, s), format);
        const size_t n = strlen(text);
        text[n] = '\n'; /* where the NUL was: not needed any more */
        endings[s] = (struct ending){text, n + 1};
    }
    return endings;
}

static void write_header(const struct generator *g, enum table_format format)
{
    struct table_writer *const w = table_writer_new(g->out, format);

    if (g->many)
        table_put_text(w, "flow");
    table_put_text(w, chain_column(g->c));
    table_end_row(w);
    table_writer_free(w);
}

/* The first symbol of a sequence. */
static uint32_t begin(const struct generator *g, struct rng *r)
{
    if (!g->o->start) {
        chain_walk_start(g->walk);
        return chain_walk_next(g->walk, r);
    }
    chain_walk_clear(g->walk);
    if (g->symbol == CHAIN_NO_SYMBOL)
        return chain_walk_next(g->walk, r);
    chain_walk_take(g->walk, g->symbol);
    return g->symbol;
}

static void write_sequence(const struct generator *g, uint64_t number, uint64_t length,
                           struct rng *r)
{
    enum { LOOK = 1 << 16 }; /* symbols between looks at the output */
    char flow[NUM_U64_MAX + 1];
    char *const end = num_put_u64(flow, number);
    const size_t n_flow = (size_t)(end - flow) + 1;
    uint32_t s = begin(g, r);

    *end = g->delimiter;
    for (uint64_t i = 0; i < length; i++) {
        if (g->many)
            out_bytes(g->out, flow, n_flow);
        out_bytes(g->out, g->endings[s].text, g->endings[s].n);
        if (i % LOOK == LOOK - 1 && out_failed(g->out))
            return;
        if (i + 1 < length)
            s = chain_walk_next(g->walk, r);
    }
}

/* The length of the sequence f, counted from 0, of which `left` symbols at most are wanted. */
static uint64_t length_of(const struct generator *g, uint64_t f, uint64_t left, struct rng *r)
{
    const uint64_t n = g->o->n, flows = g->o->flows;

    if (n && flows)
        return n / flows + (f < n % flows ? 1 : 0);
    if (n && chain_sequences(g->c) == 1)
        return n;
    const uint64_t drawn = chain_draw_length(g->c, r);
    return drawn < left ? drawn : left;
}

void generate(const struct chain *c, const struct options *o, uint32_t symbol,
              enum table_format format, struct out *out)
{
    const uint64_t flows = o->flows ? o->flows : o->n ? UINT64_MAX : chain_sequences(c);
    struct generator g = {
        .c = c,
        .o = o,
        .symbol = symbol,
        .walk = chain_walk_new(c),
        .endings = make_endings(c, format),
        .delimiter = format == TABLE_TSV ? '\t' : ',',
        .many = o->flows > 1 || (o->flows == 0 && chain_sequences(c) > 1),
        .out = out,
    };

    write_header(&g, format);
    uint64_t left = o->n ? o->n : UINT64_MAX;
    for (uint64_t f = 0; f < flows && left > 0 && !out_failed(out); f++) {
        struct rng r = rng_new(o->shared->seed, f);
        const uint64_t length = length_of(&g, f, left, &r);
        write_sequence(&g, f + 1, length, &r);
        left -= length;
    }
    for (size_t s = 0; s < chain_symbols(c); s++)
        free(g.endings[s].text);
    free(g.endings);
    chain_walk_free(g.walk);
}
