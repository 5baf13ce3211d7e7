#include "chain_parts.h"
#include "lines.h"
#include "num.h"

static void put_u64(struct out *o, uint64_t v)
{
    out_advance(o, num_put_u64(out_reserve(o, NUM_U64_MAX), v));
}

static void put_pair(struct out *o, uint64_t a, uint64_t b)
{
    out_text(o, " ");
    put_u64(o, a);
    out_text(o, ":");
    put_u64(o, b);
}

static void write_tally(struct out *o, const char *name, const struct chain_tally *t, size_t n)
{
    uint32_t before = 0;

    out_text(o, name);
    for (size_t i = 0; i < n; i++) {
        put_pair(o, t[i].value, t[i].upto - before);
        before = t[i].upto;
    }
    out_text(o, "\n");
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
        put_pair(o, c->edges[i].symbol, c->edges[i].count);
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
    write_tally(o, "lengths", c->lengths, c->n_lengths);
    for (uint32_t s = 0; s < chain_symbols(c); s++)
        out_printf(o, "symbol %u %s\n", c->edges[s].count, chain_symbol(c, s));
    write_tally(o, "start", c->starts, c->n_starts);
    out_printf(o, "contexts %zu\n", c->n_contexts);
    for (uint32_t x = 0; x < c->n_contexts && !out_failed(o); x++)
        write_context(c, x, o);
}
