/* seq-train: learns which symbol of a series comes next, with a neural network. */
#include "err.h"
#include "fit.h"
#include "judge.h"
#include "layers.h"
#include "mem.h"
#include "options.h"
#include "parts.h"
#include "seq.h"
#include "symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* What a model says of the series. Takes the names. */
static struct seq *describe(struct symbols *s, const struct options *o)
{
    struct seq *const m = mem_zero(1, sizeof *m);
    uint32_t *const lengths = mem_alloc(s->n_sequences, sizeof *lengths);

    if (asprintf(&m->made, "seq-train%s%s", *o->made ? " " : "", o->made) < 0)
        die("out of memory");
    m->seed = o->shared->seed;
    m->column = mem_string(o->column, strlen(o->column));
    m->names = s->names;
    s->names = NULL;
    m->n_sequences = s->n_sequences;
    m->total = s->n;
    m->counts = mem_zero(intern_count(m->names), sizeof *m->counts);
    for (size_t i = 0; i < s->n; i++)
        m->counts[s->symbol[i]]++;
    for (size_t f = 0; f < s->n_sequences; f++)
        lengths[f] = (uint32_t)(s->first[f + 1] - s->first[f]);
    m->lengths = tally_of(lengths, s->n_sequences, &m->n_lengths);
    free(lengths);
    return m;
}

/* Nats a symbol, of the held part only where it has symbols that trained. */
static void note_scores(const struct seq *m, const struct options *o,
                        const struct nn_log_summary *f)
{
    char best[48] = "", held[64] = "";

    if (o->held > 0)
        snprintf(best, sizeof best, ", the best is number %u", f->best);
    if (m->held.symbols > 0)
        snprintf(held, sizeof held, "held %.4f (%.4f), ", m->held.nats, m->held.chain);
    cli_note(o->shared,
             "%u epoch%s%s; nats a symbol, beside a chain's of order 1: %straining %.4f (%.4f)",
             f->epochs, plural(f->epochs), best, held, m->train.nats, m->train.chain);
}

static void report(const struct seq *m, const struct parts *p, const struct options *o,
                   const struct nn_log_summary *f, uint64_t unknown)
{
    cli_note(o->shared, "%zu symbol%s, %zu parameters; %llu train, %llu say when to stop",
             intern_count(m->names), plural(intern_count(m->names)), m->plan->n_params,
             (unsigned long long)p->trained, (unsigned long long)p->held);
    if (unknown > 0)
        cli_note(o->shared, "%llu of symbols that did not train are not counted below",
                 (unsigned long long)unknown);
    note_scores(m, o, f);
}

/* Lays out a network for the symbols, trains and judges it. */
static bool train(struct seq *m, const struct parts *p, const struct options *o, struct err *e)
{
    struct nn_log_summary summary;
    uint64_t unknown;
    char *const layers = layers_text(o, intern_count(m->names));
    const bool ok = seq_plan(m, layers, e) && fit(m, p, o, &summary, e) && judge(m, p, &unknown, e);

    free(layers);
    if (ok)
        report(m, p, o, &summary, unknown);
    return ok;
}

static struct symbols *read_series(const struct options *o, struct err *e)
{
    struct symbols *const s = symbols_read(o->file, o->column, e);

    if (!s)
        return NULL;
    if (s->empty)
        cli_note(o->shared, "%llu row%s without a '%s' left out", (unsigned long long)s->empty,
                 plural(s->empty), o->column);
    if (intern_count(s->names) <= SEQ_MOST_SYMBOLS)
        return s;
    err_set(e, "%s: more than %d different symbols in '%s'", o->file ? o->file : "standard input",
            SEQ_MOST_SYMBOLS, o->column);
    symbols_free(s);
    return NULL;
}

/* NULL with *e. */
static struct seq *learn(const struct options *o, struct err *e)
{
    struct symbols *const s = read_series(o, e);
    struct parts p;

    if (!s || !parts_make(&p, s, o->held, o->window, o->shared->seed, e)) {
        symbols_free(s);
        return NULL;
    }
    struct seq *const m = describe(s, o);
    symbols_free(s);
    const bool ok = train(m, &p, o, e);
    parts_free(&p);
    if (ok)
        return m;
    seq_free(m);
    return NULL;
}

int main(int argc, char **argv)
{
    struct err e;
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct out *const out = out_open(o.shared->output, &e);

    if (!out)
        die_err(&e);
    struct seq *const m = learn(&o, &e);
    if (!m) {
        out_abandon(out);
        die_err(&e);
    }
    seq_write(m, out);
    if (!out_close(out, &e))
        die_err(&e);
    seq_free(m);
    free(o.made);
    cli_free(cli);
    return EXIT_DONE;
}
