/* markov-gen: learns a Markov chain of variable order from symbols and writes new ones. */
#include "bits.h"
#include "chain_learn.h"
#include "file.h"
#include "generate.h"
#include "lines.h"
#include "suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static struct symbols *read_symbols(const struct options *o, const char *column, struct err *e)
{
    struct symbols *const s = symbols_read(o->file, column, e);

    if (s && s->empty)
        cli_note(o->shared, "%llu row%s without a '%s' left out", (unsigned long long)s->empty,
                 plural(s->empty), column);
    return s;
}

static bool save(const struct chain *c, const char *path, struct err *e)
{
    struct out *const out = out_open(path, e);

    if (!out)
        return false;
    chain_write(c, out);
    return out_close(out, e);
}

/* The chain of --model, or one learnt from FILE, whose format is then *format. */
static struct chain *get_chain(const struct options *o, enum table_format *format, struct err *e)
{
    const char *const column = o->column ? o->column : "token";
    char made[128], smoothing[LINES_F64_MAX];

    if (o->model)
        return chain_read(o->model, e);
    struct symbols *const s = read_symbols(o, column, e);
    if (!s)
        return NULL;
    (void)snprintf(made, sizeof made, "markov-gen --order=%u --escape=%s --smoothing=%s",
                   o->rule.order, chain_escape_names[o->rule.escape],
                   lines_f64_text(o->rule.smoothing, smoothing));
    struct chain *const c = chain_learn(s, &o->rule, column, made, e);
    *format = s->format;
    symbols_free(s);
    if (!c || !o->save || save(c, o->save, e))
        return c;
    chain_free(c);
    return NULL;
}

static void remark(const struct chain *c, const struct options *o)
{
    const uint64_t total = chain_total(c), sequences = chain_sequences(c);

    cli_note(o->shared, "%llu symbol%s, %zu different, in %llu sequence%s; %zu context%s",
             (unsigned long long)total, plural(total), chain_symbols(c),
             (unsigned long long)sequences, plural(sequences), chain_contexts(c),
             plural(chain_contexts(c)));
}

/* The symbol that --start names. */
static uint32_t find_start(const struct chain *c, const char *start)
{
    struct suggest nearest = {0};
    char near[128];

    if (!start || strcmp(start, "stationary") == 0)
        return CHAIN_NO_SYMBOL;
    const uint32_t symbol = chain_find(c, span_of(start));
    if (symbol != CHAIN_NO_SYMBOL)
        return symbol;
    for (uint32_t s = 0; s < chain_symbols(c); s++)
        suggest_offer(&nearest, start, chain_symbol(c, s));
    die_usage("--start: no symbol '%s' was learnt%s", start,
              suggest_text(&nearest, near, sizeof near));
}

static bool write_series(const struct chain *c, const struct options *o, enum table_format format,
                         struct err *e)
{
    const uint32_t symbol = find_start(c, o->shared->series.start);
    struct out *const out = out_open(o->shared->output, e);

    if (!out)
        return false;
    generate(c, o, symbol, o->shared->format ? o->shared->format : format, out);
    return out_close(out, e);
}

static bool write_score(const struct chain *c, const struct options *o, struct err *e)
{
    const char *const column = o->column ? o->column : chain_column(c);
    struct symbols *const s = read_symbols(o, column, e);
    struct out *const out = s ? out_open(o->shared->output, e) : NULL;

    if (out)
        write_bits(c, s, o->score, o->shared->format ? o->shared->format : s->format, out);
    symbols_free(s);
    return out && out_close(out, e);
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    enum table_format format = TABLE_CSV;
    struct err e;

    struct chain *const c = get_chain(&o, &format, &e);
    if (!c)
        die_err(&e);
    if (!o.model)
        remark(c, &o);
    if (o.score && !write_score(c, &o, &e))
        die_err(&e);
    if (o.generate && !write_series(c, &o, format, &e))
        die_err(&e);
    chain_free(c);
    cli_free(cli);
    return EXIT_DONE;
}
