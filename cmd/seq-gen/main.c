/* seq-gen: writes series of symbols that a neural model draws. */
#include "err.h"
#include "export.h"
#include "options.h"
#include "seq.h"
#include "suggest.h"
#include "symbols_draw.h"

#include <stdlib.h>
#include <string.h>

/* Where a sequence begins: with the beginning, anywhere, or with a symbol. */
#define FIRST UINT32_MAX
#define STATIONARY (UINT32_MAX - 1)

struct generator {
    const struct seq *m;
    struct seq_walk *walk;
    double temperature;
    uint32_t start;
};

static const char *name_of(const void *context, uint32_t symbol)
{
    const struct generator *const g = context;

    return intern_text(g->m->names, symbol);
}

/* A symbol, by how often it was learnt from. */
static uint32_t draw_anywhere(const struct seq *m, struct rng *r)
{
    uint64_t left = rng_below(r, m->total);
    uint32_t symbol = 0;

    for (; left >= m->counts[symbol]; symbol++)
        left -= m->counts[symbol];
    return symbol;
}

static uint32_t next(void *context, struct rng *r)
{
    const struct generator *const g = context;

    return seq_walk_next(g->walk, g->temperature, r);
}

static uint32_t first(void *context, struct rng *r)
{
    const struct generator *const g = context;

    if (g->start == FIRST) {
        seq_walk_start(g->walk);
        return next(context, r);
    }
    const uint32_t symbol = g->start == STATIONARY ? draw_anywhere(g->m, r) : g->start;
    seq_walk_start_at(g->walk, symbol);
    return symbol;
}

static uint32_t length(void *context, struct rng *r)
{
    const struct generator *const g = context;

    return tally_draw(g->m->lengths, g->m->n_lengths, r);
}

static uint32_t find_start(const struct seq *m, const char *start)
{
    struct suggest nearest = {0};
    char near[128];

    if (!start)
        return FIRST;
    if (strcmp(start, "stationary") == 0)
        return STATIONARY;
    const uint32_t symbol = intern_find(m->names, span_of(start));
    if (symbol != INTERN_NONE)
        return symbol;
    for (uint32_t s = 0; s < intern_count(m->names); s++)
        suggest_offer(&nearest, start, intern_text(m->names, s));
    die_usage("--start: no symbol '%s' was learnt%s", start,
              suggest_text(&nearest, near, sizeof near));
}

static void generate(struct generator *g, const struct options *o, struct out *out)
{
    const struct seq *const m = g->m;
    const struct symbols_source source = {.column = m->column,
                                          .n_symbols = intern_count(m->names),
                                          .sequences = m->n_sequences,
                                          .context = g,
                                          .name = name_of,
                                          .first = first,
                                          .next = next,
                                          .length = length};
    const struct symbols_wanted wanted = {o->shared->series.n, o->shared->series.flows,
                                          o->shared->seed};

    symbols_draw(&source, &wanted, o->shared->format ? o->shared->format : TABLE_CSV, out);
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct err e;

    struct seq *const m = seq_read(o.model, &e);
    if (!m)
        die_err(&e);
    struct generator g = {m, seq_walk_new(m, &e), o.temperature,
                          find_start(m, o.shared->series.start)};
    struct out *const out = g.walk ? out_open(o.shared->output, &e) : NULL;
    if (!out)
        die_err(&e);
    if (o.onnx)
        export_model(m, out);
    else
        generate(&g, &o, out);
    if (!seq_walk_sound(g.walk)) {
        out_abandon(out);
        die("%s: what comes out of the network is not finite",
            o.model ? o.model : "standard input");
    }
    if (!out_close(out, &e))
        die_err(&e);
    seq_walk_free(g.walk);
    seq_free(m);
    cli_free(cli);
    return EXIT_DONE;
}
