#include "options.h"

#include "err.h"
#include "file.h"
#include "window.h"

enum key {
    KEY_IAT = CLI_LONG,
    KEY_LEN_BIN,
    KEY_IAT_BINS,
    KEY_LAGS,
    KEY_COPIED,
    KEY_WINDOW,
    KEY_MAX_WINDOWS,
    KEY_FOLDS,
    KEY_TREES,
    KEY_NO_TREES,
    KEY_CURVES,
};

static const struct cli_option own_options[] = {
    {KEY_IAT, "iat", "COLUMN", "the column of times (default: dir_iat)"},
    {KEY_LEN_BIN, "len-bin", "BYTES", "width of the bins of len (default 16)"},
    {KEY_IAT_BINS, "iat-bins", "N",
     "bins of time and of throughput to a power of ten (default 10)"},
    {KEY_LAGS, "lags", "N", "lags of autocorrelation (default 20)"},
    {KEY_COPIED, "copied", "N", "packets of the runs that are looked for in REAL (default 10)"},
    {KEY_WINDOW, "window", "N", "packets of the windows that trees see (default 20)"},
    {KEY_MAX_WINDOWS, "max-windows", "N", "windows of a series that trees see (default 1000)"},
    {KEY_FOLDS, "folds", "N", "folds of the two-sample test (default 10)"},
    {KEY_TREES, "trees", "N", "trees of its forest (default 50)"},
    {KEY_NO_TREES, "no-trees", NULL, "leave out what takes trees, which is most of the time"},
    {'c', "class", "COLUMN", "the column with the classes (default: class, if both have it)"},
    {KEY_CURVES, "curves", "FILE", "write distributions and series to draw to FILE"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] REAL SYNTH",
    .summary = "Says how close two packet series are, beside what two parts of REAL differ by.",
    .example = "trafcmp real.csv synth.csv",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_SEED | CLI_THREADS | CLI_FORMAT,
};

static bool parse_scale(struct options *o, const struct cli *c, int key)
{
    switch (key) {
    case KEY_LEN_BIN:
        o->len_bin = cli_u64(c, 1, SERIES_MAX_LEN);
        return true;
    case KEY_IAT_BINS:
        o->iat_bins = (unsigned)cli_u64(c, 1, 100);
        return true;
    case KEY_LAGS:
        o->lags = cli_u64(c, 1, 10000);
        return true;
    case KEY_COPIED:
        o->copied = cli_u64(c, 1, 10000);
        return true;
    default:
        return false;
    }
}

static bool parse_test(struct options *o, const struct cli *c, int key)
{
    switch (key) {
    case KEY_WINDOW:
        o->window = cli_u64(c, 2, WINDOW_MAX);
        return true;
    case KEY_MAX_WINDOWS:
        o->most_windows = cli_u64(c, 2, 1000000);
        return true;
    case KEY_FOLDS:
        o->folds = cli_u64(c, 2, 1000);
        return true;
    case KEY_TREES:
        o->trees = cli_u64(c, 1, 1000);
        return true;
    case KEY_NO_TREES:
        o->no_trees = true;
        return true;
    default:
        return false;
    }
}

static void parse_option(struct options *o, const struct cli *c, int key)
{
    if (parse_scale(o, c, key) || parse_test(o, c, key))
        return;
    switch (key) {
    case KEY_IAT:
        o->series.iat = cli_value(c);
        break;
    case 'c':
        o->series.label = cli_value(c);
        o->series.label_optional = false;
        break;
    default:
        o->curves = cli_value(c);
        break;
    }
}

static void check_files(const struct options *o, const struct cli *c)
{
    if (file_is_standard(o->real) && file_is_standard(o->synth))
        die_usage("REAL and SYNTH can't both be standard input");
    cli_not_output(c, "curves", o->curves);
    cli_not_input("curves", o->curves, o->real);
    cli_not_input("curves", o->curves, o->synth);
}

struct options options_parse(struct cli *c)
{
    struct options o = {
        .series = {.label = "class", .label_optional = true},
        .len_bin = 16,
        .iat_bins = 10,
        .lags = 20,
        .copied = 10,
        .window = 20,
        .most_windows = 1000,
        .folds = 10,
        .trees = 50,
    };
    char **operands;

    for (int key; (key = cli_next(c)) != CLI_END;)
        parse_option(&o, c, key);
    if (cli_operands(c, &operands) != 2)
        die_usage("two series to compare are needed: REAL and SYNTH");
    o.real = operands[0];
    o.synth = operands[1];
    o.shared = cli_shared(c);
    check_files(&o, c);
    return o;
}
