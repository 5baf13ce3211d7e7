/* dt-eval: how good a tree model is on a table, and why it says what it says. */
#include "err.h"
#include "explain.h"
#include "input.h"
#include "options.h"
#include "predict.h"
#include "report.h"

#include <string.h>

enum key {
    KEY_PREDICT = CLI_LONG,
    KEY_VOTES,
    KEY_EXPLAIN,
};

static const struct cli_option own_options[] = {
    {'c', "class", "COLUMN", "the class column (default: the one the model was trained on)"},
    {KEY_PREDICT, "predict", "[COLUMN]",
     "write the rows with what the model says in a new column\n(default name: predicted)"},
    {KEY_VOTES, "votes", NULL, "with --predict: the classes' votes in a column 'votes', too"},
    {KEY_EXPLAIN, "explain", NULL, "write the tests that each row passes on its way to a leaf"},
    {0},
};

static const struct cli_spec spec = {
    .synopsis = "[options] MODEL [FILE]",
    .summary =
        "Judges a tree model by a table: accuracy, macro-F1, the confusion matrix; or writes\n"
        "what the model says of each row, and why. --csv and --tsv give (metric, value) rows.",
    .example = "dt-eval app.tree test.csv",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT,
};

static void set_mode(struct options *o, enum mode mode, const char **chosen, const char *name)
{
    if (*chosen && strcmp(*chosen, name) != 0)
        die_usage("--%s and --%s exclude each other", *chosen, name);
    *chosen = name;
    o->mode = mode;
}

static void take_operands(struct options *o, const struct cli *cli)
{
    char **operands;
    const size_t n = cli_operands(cli, &operands);

    if (n == 0)
        die_usage("which model? (dt-eval MODEL [FILE])");
    if (n > 2)
        die_usage("one model and one file, and '%s' is one more", operands[2]);
    o->model = operands[0];
    o->file = n > 1 ? operands[1] : NULL;
    if (strcmp(o->model, "-") == 0 && (!o->file || strcmp(o->file, "-") == 0))
        die_usage("the model and the table can't both come from standard input");
}

static struct options parse(struct cli *cli)
{
    struct options o = {.shared = cli_shared(cli), .predicted = "predicted"};
    const char *chosen = NULL;

    for (int key; (key = cli_next(cli)) != CLI_END;) {
        switch (key) {
        case 'c':
            o.class = cli_value(cli);
            break;
        case KEY_PREDICT:
            set_mode(&o, MODE_PREDICT, &chosen, "predict");
            o.predicted = cli_value(cli) ? cli_value(cli) : o.predicted;
            break;
        case KEY_VOTES:
            o.votes = true;
            break;
        case KEY_EXPLAIN:
            set_mode(&o, MODE_EXPLAIN, &chosen, "explain");
            break;
        }
    }
    if (o.votes && o.mode != MODE_PREDICT)
        die_usage("--votes goes with --predict");
    take_operands(&o, cli);
    return o;
}

static bool run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    switch (o->mode) {
    case MODE_PREDICT:
        return predict_run(in, o, out, e);
    case MODE_EXPLAIN:
        return explain_run(in, o, out, e);
    case MODE_REPORT:
        break;
    }
    return report_run(in, o, out, e);
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&spec, argc, argv);
    const struct options o = parse(cli);
    struct input in;
    struct err e;

    if (!input_open(&in, &o, o.mode == MODE_REPORT, &e))
        die_err(&e);
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    if (!run(&in, &o, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    input_close(&in);
    cli_free(cli);
    return EXIT_DONE;
}
