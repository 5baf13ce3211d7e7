#include "options.h"

#include "err.h"

#include <string.h>

enum key {
    KEY_FLOWS = CLI_LONG,
    KEY_START,
    KEY_TEMPERATURE,
    KEY_ONNX,
};

#define MOST_SYMBOLS (UINT64_C(1) << 40)

static const struct cli_option own_options[] = {
    {'n', "count", "N", "write N symbols in all (default: as many as were learnt)"},
    {KEY_FLOWS, "flows", "N", "write N sequences (default: as many as were learnt)"},
    {KEY_START, "start", "HOW",
     "begin a sequence as those learnt do (first, the default),\n"
     "anywhere (stationary), or with this symbol"},
    {KEY_TEMPERATURE, "temperature", "T",
     "below 1, what is likely comes more often; above, less\n(default 1: as learnt)"},
    {KEY_ONNX, "onnx", NULL, "write the model for other programs, in the format of ONNX"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] MODEL",
    .summary = "Writes a new series of symbols, as seq-train's MODEL has learnt them.",
    .example = "seq-gen -n 1000 voice.seq | gmm-code -d voice.gmm",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_SEED,
};

static void take_option(struct options *o, const struct cli *c, int key)
{
    switch (key) {
    case 'n':
        o->n = cli_u64(c, 1, MOST_SYMBOLS);
        break;
    case KEY_FLOWS:
        o->flows = cli_u64(c, 1, MOST_SYMBOLS);
        break;
    case KEY_START:
        o->start = strcmp(cli_value(c), "first") == 0 ? NULL : cli_value(c);
        break;
    case KEY_TEMPERATURE:
        o->temperature = cli_f64(c, 0.01, 100);
        break;
    default:
        o->onnx = true;
        break;
    }
}

struct options options_parse(struct cli *c)
{
    struct options o = {.temperature = 1};

    for (int key; (key = cli_next(c)) != CLI_END;)
        take_option(&o, c, key);
    o.model = cli_file(c);
    o.shared = cli_shared(c);
    if (o.onnx && (o.n || o.flows || o.start || o.temperature != 1 || o.shared->format))
        die_usage("--onnx writes the model: none of the options for what is drawn");
    if (o.n && o.flows > o.n)
        die_usage("-n: %llu symbols are too few for %llu sequences", (unsigned long long)o.n,
                  (unsigned long long)o.flows);
    return o;
}
