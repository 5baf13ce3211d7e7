#include "chain_parts.h"
#include "lines.h"
#include "num.h"

static void put_u64(struct out *o, uint64_t v)
{
    out_advance(o, num_put_u64(out_reserve(o, NUM_U64_MAX), v));
}

static void write_context(const struct chain *c, uint32_t x, struct out *o)
{
    out_text(o, "context ");
    for (uint32_t y = x; y > 0; y = c->contexts[y].shorter) {
        put_u64(o, c->contexts[y].older);
        out_text(o, " ");
    }
    out_text(o, "--");
    for (size_t i = c->contexts[x].first; i < c->contexts[x + 1].first; i++)
        tally_put(o, c->edges[i].symbol, c->edges[i].count);
    out_text(o, "\n");
}

void chain_write(const struct chain *c, struct out *o)
{
    char smoothing[LINES_F64_MAX];

    out_printf(o, "weir-markov 1\nmade %s\ncolumn %s\norder %u\nescape %s\nsmoothing %s\n", c->made,
               c->column, c->order, chain_escape_names[c->escape],
               lines_f64_text(c->smoothing, smoothing));
    out_printf(o, "sequences %llu %llu\n", (unsigned long long)chain_sequences(c),
               (unsigned long long)chain_total(c));
    tally_write(o, "lengths", c->lengths, c->n_lengths);
    for (uint32_t s = 0; s < chain_symbols(c); s++)
        out_printf(o, "symbol %u %s\n", c->edges[s].count, chain_symbol(c, s));
    tally_write(o, "start", c->starts, c->n_starts);
    out_printf(o, "contexts %zu\n", c->n_contexts);
    for (uint32_t x = 0; x < c->n_contexts && !out_failed(o); x++)
        write_context(c, x, o);
}
