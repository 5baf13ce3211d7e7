#include "options.h"

#include "err.h"
#include "file.h"

enum key {
    KEY_CATEGORIES = CLI_LONG,
    KEY_COMPARE,
    KEY_PREDICT,
    KEY_UNKNOWN,
    KEY_CLOSED,
    KEY_ONNX,
};

static const struct cli_option own_options[] = {
    {'c', "class", "COLUMN", "the class column (default: the one the model was trained on)"},
    {KEY_CATEGORIES, "category-map", "FILE",
     "judge by categories: a table with columns class,category"},
    {KEY_COMPARE, "compare", "[COLUMN]",
     "judge what a column of the table says, too (default: predicted)"},
    {KEY_PREDICT, "predict", "[COLUMN]",
     "write the rows with what the model says, its confidence and the\nnovelty (default name: "
     "predicted)"},
    {KEY_UNKNOWN, "unknown", "FILE", "append the unknown rows with their embedding to FILE"},
    {KEY_CLOSED, "no-unknown", NULL, "the most likely class for unknown rows, too"},
    {KEY_ONNX, "onnx", NULL, "write the model for other programs, in the format of ONNX"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] MODEL [FILE]",
    .summary =
        "Judges a flow classifier by a table: accuracy, macro-F1, the confusion matrix, what\n"
        "becomes of unknown flows; or writes what it says of each row, as rows come.",
    .example = "cnn-eval app.cnn test.csv",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_THREADS | CLI_PROGRESS,
};

static void take_option(struct options *o, int key, const struct cli *cli)
{
    switch (key) {
    case 'c':
        o->class = cli_value(cli);
        break;
    case KEY_CATEGORIES:
        o->categories = cli_value(cli);
        break;
    case KEY_COMPARE:
        o->compare = cli_value(cli) ? cli_value(cli) : "predicted";
        break;
    case KEY_PREDICT:
        o->predicted = cli_value(cli) ? cli_new_column(cli) : "predicted";
        break;
    case KEY_UNKNOWN:
        o->unknown = cli_value(cli);
        break;
    case KEY_CLOSED:
        o->closed = true;
        break;
    default:
        o->onnx = true;
        break;
    }
}

static void take_operands(struct options *o, const struct cli *cli)
{
    char **operands;
    const size_t n = cli_operands(cli, &operands);

    if (n == 0)
        die_usage("which model? (cnn-eval MODEL [FILE])");
    if (n > 2)
        die_usage("one model and one file, and '%s' is one more", operands[2]);
    o->model = operands[0];
    o->file = n > 1 ? operands[1] : NULL;
    if (o->onnx)
        return;
    const bool from_input[] = {file_is_standard(o->model), file_is_standard(o->file),
                               o->categories && file_is_standard(o->categories)};
    if (from_input[0] + from_input[1] + from_input[2] > 1)
        die_usage("only one of the model, the table and the categories can be standard input");
}

struct options options_parse(struct cli *cli)
{
    struct options o = {.shared = cli_shared(cli)};

    for (int key; (key = cli_next(cli)) != CLI_END;)
        take_option(&o, key, cli);
    take_operands(&o, cli);
    if (o.onnx && (o.file || o.class || o.categories || o.compare || o.predicted || o.unknown ||
                   o.closed || o.shared->format))
        die_usage("--onnx writes the model: no table and none of the options for one");
    if (o.compare && o.predicted)
        die_usage("--compare goes with the report");
    if (o.categories && o.predicted)
        die_usage("--category-map goes with the report");
    if (o.closed && o.unknown)
        die_usage(
            "--no-unknown and --unknown: nothing is unknown, and so there is nothing to write");
    cli_not_output(cli, "unknown", o.unknown);
    cli_not_input("unknown", o.unknown, o.file);
    cli_not_input("unknown", o.unknown, o.model);
    cli_not_input("unknown", o.unknown, o.categories);
    cli_not_input("output", o.shared->output, o.categories);
    return o;
}
