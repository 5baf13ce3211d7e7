#include "options.h"

#include "err.h"

enum key {
    KEY_IAT = CLI_LONG,
    KEY_LEN_BIN,
    KEY_IAT_BINS,
    KEY_LAGS,
    KEY_CURVES,
};

static const struct cli_option own_options[] = {
    {KEY_IAT, "iat", "COLUMN", "the column of times (default: dir_iat)"},
    {KEY_LEN_BIN, "len-bin", "BYTES", "width of the bins of len (default 16)"},
    {KEY_IAT_BINS, "iat-bins", "N", "bins of time to a power of ten (default 10)"},
    {KEY_LAGS, "lags", "N", "lags of autocorrelation (default 20)"},
    {KEY_CURVES, "curves", "FILE", "write distributions and series to draw to FILE"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] REAL SYNTH",
    .summary = "Says how close two packet series are, beside what two parts of REAL differ by.",
    .example = "trafcmp real.csv synth.csv",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_SEED | CLI_THREADS | CLI_FORMAT | CLI_PROGRESS,
};

static void parse_option(struct options *o, const struct cli *c, int key)
{
    switch (key) {
    case KEY_IAT:
        o->series.iat = cli_value(c);
        break;
    case KEY_LEN_BIN:
        o->len_bin = cli_u64(c, 1, SERIES_MAX_LEN);
        break;
    case KEY_IAT_BINS:
        o->iat_bins = (unsigned)cli_u64(c, 1, 100);
        break;
    case KEY_LAGS:
        o->lags = cli_u64(c, 1, 10000);
        break;
    default:
        o->curves = cli_value(c);
        break;
    }
}

struct options options_parse(struct cli *c)
{
    struct options o = {
        .len_bin = 16,
        .iat_bins = 10,
        .lags = 20,
    };
    char **operands;

    for (int key; (key = cli_next(c)) != CLI_END;)
        parse_option(&o, c, key);
    if (cli_operands(c, &operands) != 2)
        die_usage("two series to compare are needed: REAL and SYNTH");
    o.real = operands[0];
    o.synth = operands[1];
    o.shared = cli_shared(c);
    return o;
}
