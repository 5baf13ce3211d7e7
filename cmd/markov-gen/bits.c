#include "bits.h"

#include "mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct judge {
    const struct chain *c;
    const struct symbols *s;
    enum score per;
    uint32_t *known; /* the chain's number of each symbol of the series, or CHAIN_NO_SYMBOL */
    struct chain_walk *walk;
    struct table_writer *w;
};

struct cost {
    uint64_t symbols, impossible;
    double bits;
};

static uint32_t *known_symbols(const struct chain *c, const struct intern *names)
{
    uint32_t *const known = mem_alloc(intern_count(names), sizeof *known);

    for (uint32_t i = 0; i < intern_count(names); i++) {
        const char *const name = intern_text(names, i);
        known[i] = chain_find(c, span_of(name));
    }
    return known;
}

static void put_f64(struct table_writer *w, const char *format, double v)
{
    char text[32];

    (void)snprintf(text, sizeof text, format, v);
    table_put_text(w, text);
}

static void put_flow(const struct judge *j, size_t f)
{
    if (j->s->flows)
        table_put_text(j->w, intern_text(j->s->flows, (uint32_t)f));
}

static void put_symbol(const struct judge *j, size_t f, uint32_t symbol, double p)
{
    put_flow(j, f);
    table_put_text(j->w, intern_text(j->s->names, symbol));
    table_put_u64(j->w, chain_walk_depth(j->walk));
    put_f64(j->w, "%.12g", p);
    if (p > 0)
        put_f64(j->w, "%.6f", fabs(log2(p)));
    else
        table_put_text(j->w, "");
    table_end_row(j->w);
}

static void put_cost(const struct judge *j, const struct cost *cost)
{
    const uint64_t possible = cost->symbols - cost->impossible;

    table_put_u64(j->w, cost->symbols);
    table_put_u64(j->w, cost->impossible);
    if (possible > 0)
        put_f64(j->w, "%.6f", cost->bits / (double)possible);
    else
        table_put_text(j->w, "");
    table_end_row(j->w);
}

static struct cost judge_sequence(const struct judge *j, size_t f)
{
    struct cost cost = {0};

    chain_walk_clear(j->walk);
    for (size_t i = j->s->first[f]; i < j->s->first[f + 1]; i++) {
        const uint32_t symbol = j->known[j->s->symbol[i]];
        const double p = chain_walk_probability(j->walk, symbol);
        cost.symbols++;
        if (p > 0)
            cost.bits += fabs(log2(p));
        else
            cost.impossible++;
        if (j->per == SCORE_SYMBOLS)
            put_symbol(j, f, j->s->symbol[i], p);
        chain_walk_take(j->walk, symbol);
    }
    return cost;
}

static void write_header(const struct judge *j)
{
    if (j->per != SCORE_SERIES && j->s->flows)
        table_put_text(j->w, "flow");
    if (j->per == SCORE_SYMBOLS) {
        table_put_text(j->w, chain_column(j->c));
        table_put_text(j->w, "depth");
        table_put_text(j->w, "probability");
        table_put_text(j->w, "bits");
    } else {
        table_put_text(j->w, "symbols");
        table_put_text(j->w, "impossible");
        table_put_text(j->w, "bits_per_symbol");
    }
    table_end_row(j->w);
}

void write_bits(const struct chain *c, const struct symbols *s, enum score per,
                enum table_format format, struct out *out)
{
    const struct judge j = {
        c, s, per, known_symbols(c, s->names), chain_walk_new(c), table_writer_new(out, format)};
    struct cost all = {0};

    write_header(&j);
    for (size_t f = 0; f < s->n_sequences && !out_failed(out); f++) {
        const struct cost cost = judge_sequence(&j, f);
        if (per == SCORE_FLOWS) {
            put_flow(&j, f);
            put_cost(&j, &cost);
        }
        all.symbols += cost.symbols;
        all.impossible += cost.impossible;
        all.bits += cost.bits;
    }
    if (per == SCORE_SERIES)
        put_cost(&j, &all);
    free(j.known);
    chain_walk_free(j.walk);
    table_writer_free(j.w);
}
