#include "options.h"

#include "err.h"
#include "file.h"

#include <string.h>

enum key {
    KEY_ORDER = CLI_LONG,
    KEY_COLUMN,
    KEY_ESCAPE,
    KEY_SMOOTHING,
    KEY_START,
    KEY_FLOWS,
    KEY_SAVE,
    KEY_MODEL,
    KEY_SCORE,
};

#define MOST_SYMBOLS (UINT64_C(1) << 40)

static const struct cli_option own_options[] = {
    {'n', "count", "N", "write N symbols in all (default: as many as were learnt)"},
    {KEY_FLOWS, "flows", "N", "write N sequences (default: as many as were learnt)"},
    {KEY_START, "start", "HOW",
     "begin a sequence as those learnt do (first, the default),\n"
     "anywhere (stationary), or with this symbol"},
    {KEY_COLUMN, "column", "NAME", "the column of symbols (default token)"},
    {KEY_ORDER, "order", "K", "contexts of up to K symbols, 0 to 64 (default 2)"},
    {KEY_ESCAPE, "escape", "METHOD",
     "where a context knows little, ask the shorter one as well:\n"
     "kneser-ney (default), ppm-c or none"},
    {KEY_SMOOTHING, "smoothing", "X",
     "add X to the count of each symbol without context (default 0)"},
    {KEY_SAVE, "save", "FILE", "keep the chain in FILE; alone, that is all"},
    {KEY_MODEL, "model", "FILE", "take the chain from FILE instead of learning one"},
    {KEY_SCORE, "score", "[PER]",
     "write the bits a symbol that FILE costs under --model: of the\n"
     "series (default), its flows or its symbols"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]",
    .summary = "Learns a Markov chain of variable order from a series of symbols, a column of the\n"
               "table FILE, and writes a new series. A column flow parts sequences.",
    .example = "gmm-code voice.gmm packets.csv | markov-gen -n 1000 | gmm-code -d voice.gmm",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_SEED,
};

/* Which options were given, for those that exclude each other. */
struct given {
    const char *learning; /* the last option that only learning takes */
    const char *writing;  /* that only writing a series takes */
};

static void parse_score(const struct cli *cli, struct options *o)
{
    static const char *const names[] = {"series", "flows", "symbols", NULL};

    o->score = SCORE_SERIES;
    if (cli_value(cli))
        o->score += (enum score)cli_choice(cli, names);
}

static void parse_option(const struct cli *cli, int key, struct options *o, struct given *g)
{
    switch (key) {
    case 'n':
        o->n = cli_u64(cli, 1, MOST_SYMBOLS);
        g->writing = "-n";
        break;
    case KEY_FLOWS:
        o->flows = cli_u64(cli, 1, MOST_SYMBOLS);
        g->writing = "--flows";
        break;
    case KEY_START:
        o->start = strcmp(cli_value(cli), "first") == 0 ? NULL : cli_value(cli);
        g->writing = "--start";
        break;
    case KEY_COLUMN:
        o->column = cli_value(cli);
        break;
    case KEY_ORDER:
        o->rule.order = (unsigned)cli_u64(cli, 0, CHAIN_MAX_ORDER);
        g->learning = "--order";
        break;
    case KEY_ESCAPE:
        o->rule.escape = (enum chain_escape)cli_choice(cli, chain_escape_names);
        g->learning = "--escape";
        break;
    case KEY_SMOOTHING:
        o->rule.smoothing = cli_f64(cli, 0, CHAIN_MAX_SMOOTHING);
        g->learning = "--smoothing";
        break;
    case KEY_SAVE:
        o->save = cli_value(cli);
        g->learning = "--save";
        break;
    case KEY_MODEL:
        o->model = cli_value(cli);
        break;
    case KEY_SCORE:
        parse_score(cli, o);
        break;
    }
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, "-") != 0 && file_same(a, b);
}

static bool is_stdout(const char *path)
{
    return !path || strcmp(path, "-") == 0;
}

static void check(const struct options *o, const struct given *g)
{
    if (o->score && !o->model)
        die_usage("--score judges a series by a chain (--model=FILE; --save=FILE makes one)");
    if (o->score && g->writing)
        die_usage("--score writes no series, so it takes no %s", g->writing);
    if (o->model && g->learning)
        die_usage("--model has learnt already, so it takes no %s", g->learning);
    if (o->model && !o->score && o->file)
        die_usage("--model has learnt already, so it takes no FILE (but for --score)");
    if (o->model && !o->score && o->column)
        die_usage("--model knows its column (--column goes with --score, or with learning)");
    if (o->n && o->flows > o->n)
        die_usage("-n: %llu symbols are too few for %llu sequences", (unsigned long long)o->n,
                  (unsigned long long)o->flows);
    cli_not_input("output", o->shared->output, o->model);
    cli_not_input("save", o->save, o->file);
    if (o->save && o->generate &&
        (same(o->save, o->shared->output) || (is_stdout(o->save) && is_stdout(o->shared->output))))
        die_usage("--save and the series would go to the same place");
    if (o->save && !o->generate && o->shared->output)
        die_usage("--save alone writes no series to --output (with -n or --flows it does)");
}

struct options options_parse(struct cli *cli)
{
    struct options o = {.shared = cli_shared(cli), .rule = {.order = 2}};
    struct given g = {0};

    for (int key; (key = cli_next(cli)) != CLI_END;)
        parse_option(cli, key, &o, &g);
    o.file = cli_file(cli);
    o.generate = !o.score && (!o.save || g.writing);
    check(&o, &g);
    return o;
}
