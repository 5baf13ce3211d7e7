#include "options.h"

#include "err.h"

enum key {
    KEY_TEMPERATURE = CLI_LONG,
    KEY_ONNX,
};

static const struct cli_option own_options[] = {
    {KEY_TEMPERATURE, "temperature", "T",
     "below 1, what is likely comes more often; above, less\n(default 1: as learnt)"},
    {KEY_ONNX, "onnx", NULL, "write the model for other programs, in the format of ONNX"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [MODEL]",
    .summary = "Writes a new series of symbols, as seq-train's MODEL has learnt them.",
    .example = "seq-gen -n 1000 voice.seq | gmm-code -d voice.gmm",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_SEED | CLI_SERIES,
};

static void take_option(struct options *o, const struct cli *c, int key)
{
    switch (key) {
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
    if (o.onnx && (o.shared->series.given || o.temperature != 1 || o.shared->format))
        die_usage("--onnx writes the model: none of the options for what is drawn");
    return o;
}
