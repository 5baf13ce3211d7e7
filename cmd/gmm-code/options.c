#include "options.h"

#include "err.h"
#include "file.h"

enum key { KEY_MEAN = CLI_LONG };

static const struct cli_option own_options[] = {
    {'d', "decode", NULL, "tokens to packets (default: packets to tokens)"},
    {KEY_MEAN, "mean", NULL,
     "with -d: each packet is the mean of its component, not drawn from it"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] MODEL [FILE]",
    .summary = "Names the component of a mixture that each packet of a series belongs to, in a\n"
               "column 'token'; or makes packets of such tokens.",
    .example = "gmm-code call.gmm call.csv | markov-gen -n 10000 | gmm-code -d call.gmm",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_SEED,
};

static void take_operands(struct options *o, const struct cli *c)
{
    char **operands;
    const size_t n = cli_operands(c, &operands);

    if (n == 0)
        die_usage("which model? (gmm-code MODEL [FILE])");
    if (n > 2)
        die_usage("one model and one file, and '%s' is one more", operands[2]);
    o->model = operands[0];
    o->file = n > 1 ? operands[1] : NULL;
    if (file_is_standard(o->model) && file_is_standard(o->file))
        die_usage("only one of the model and the table can be standard input");
}

struct options options_parse(struct cli *c)
{
    struct options o = {.shared = cli_shared(c)};

    for (int key; (key = cli_next(c)) != CLI_END;)
        if (key == 'd')
            o.decode = true;
        else
            o.mean = true;
    if (o.mean && !o.decode)
        die_usage("--mean goes with -d");
    take_operands(&o, c);
    return o;
}
