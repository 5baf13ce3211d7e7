#include "options.h"

#include "err.h"
#include "file.h"

#include <string.h>

enum key {
    KEY_ORDER = CLI_LONG,
    KEY_COLUMN,
    KEY_ESCAPE,
    KEY_SMOOTHING,
    KEY_SAVE,
    KEY_MODEL,
    KEY_SCORE,
};

static const struct cli_option own_options[] = {
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
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_SEED | CLI_SERIES,
};

static void parse_score(const struct cli *cli, struct options *o)
{
    static const char *const names[] = {"series", "flows", "symbols", NULL};

    o->score = SCORE_SERIES;
    if (cli_value(cli))
        o->score += (enum score)cli_choice(cli, names);
}

static void parse_option(const struct cli *cli, int key, struct options *o, const char **learning)
{
    switch (key) {
    case KEY_COLUMN:
        o->column = cli_value(cli);
        break;
    case KEY_ORDER:
        o->rule.order = (unsigned)cli_u64(cli, 0, CHAIN_MAX_ORDER);
        *learning = "--order";
        break;
    case KEY_ESCAPE:
        o->rule.escape = (enum chain_escape)cli_choice(cli, chain_escape_names);
        *learning = "--escape";
        break;
    case KEY_SMOOTHING:
        o->rule.smoothing = cli_f64(cli, 0, CHAIN_MAX_SMOOTHING);
        *learning = "--smoothing";
        break;
    case KEY_SAVE:
        o->save = cli_value(cli);
        *learning = "--save";
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

/* learning: the last option that only learning takes, NULL for none. */
static void check(const struct options *o, const char *learning)
{
    if (o->score && !o->model)
        die_usage("--score judges a series by a chain (--model=FILE; --save=FILE makes one)");
    if (o->score && file_is_standard(o->model) && file_is_standard(o->file))
        die_usage("only one of the model and the table can be standard input");
    if (o->score && o->shared->series.given)
        die_usage("--score writes no series, so it takes no %s", o->shared->series.given);
    if (o->model && learning)
        die_usage("--model has learnt already, so it takes no %s", learning);
    if (o->model && !o->score && o->file)
        die_usage("--model has learnt already, so it takes no FILE (but for --score)");
    if (o->model && !o->score && o->column)
        die_usage("--model knows its column (--column goes with --score, or with learning)");
    cli_not_input("output", o->shared->output, o->model);
    cli_not_input("save", o->save, o->file);
    if (o->save && o->generate &&
        (same(o->save, o->shared->output) ||
         (file_is_standard(o->save) && file_is_standard(o->shared->output))))
        die_usage("--save and the series would go to the same place");
    if (o->save && !o->generate && o->shared->output)
        die_usage("--save alone writes no series to --output (with -n or --flows it does)");
}

struct options options_parse(struct cli *cli)
{
    struct options o = {.shared = cli_shared(cli), .rule = {.order = 2}};
    const char *learning = NULL;

    for (int key; (key = cli_next(cli)) != CLI_END;)
        parse_option(cli, key, &o, &learning);
    o.file = cli_file(cli);
    o.generate = !o.score && (!o.save || o.shared->series.given);
    check(&o, learning);
    return o;
}
