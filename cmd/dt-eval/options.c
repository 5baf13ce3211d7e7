#include "options.h"

#include "err.h"
#include "file.h"

enum key {
    KEY_PREDICT = CLI_LONG,
    KEY_VOTES,
    KEY_EXPLAIN,
    KEY_ENTRIES,
    KEY_COMPARE,
    KEY_IMPORTANCE,
    KEY_CRITERION,
    KEY_REPEATS,
    KEY_SHAP,
};

static const struct cli_option own_options[] = {
    {'c', "class", "COLUMN", "the class column (default: the one the model was trained on)"},
    {KEY_ENTRIES, "entries", "FILE",
     "judge the entries in FILE, too, matched as a switch would: do they\nagree with the model?"},
    {KEY_COMPARE, "compare", "[COLUMN]",
     "judge what a column of the table says, too (default: predicted)"},
    {KEY_PREDICT, "predict", "[COLUMN]",
     "write the rows with what the model says in a new column\n(default name: predicted)"},
    {KEY_VOTES, "votes", NULL, "with --predict: the classes' votes in a column 'votes', too"},
    {KEY_EXPLAIN, "explain", NULL, "write the tests that each row passes on its way to a leaf"},
    {KEY_IMPORTANCE, "importance", "KIND",
     "what each feature is worth: impurity (needs no FILE) or permutation"},
    {KEY_CRITERION, "criterion", "NAME", "impurity by gini (default) or entropy"},
    {KEY_REPEATS, "repeats", "N", "shuffles of each feature by permutation (default 5)"},
    {KEY_SHAP, "shap", "[rows]",
     "Shapley values of the class probabilities: the mean |value| of\neach feature; =rows: those "
     "of each row"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] MODEL [FILE]",
    .summary =
        "Judges a tree model by a table: accuracy, macro-F1, the confusion matrix; or writes\n"
        "what the model says of each row, and why. --csv and --tsv give (metric, value) rows.",
    .example = "dt-eval app.tree test.csv",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_FORMAT | CLI_SEED | CLI_THREADS | CLI_PROGRESS,
};

static void set_mode(struct options *o, enum mode mode)
{
    if (o->mode != MODE_REPORT && o->mode != mode)
        die_usage("--predict, --explain, --importance and --shap: one of them at a time");
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
    if (o->mode == MODE_IMPURITY) {
        if (o->file)
            die_usage("--importance=impurity looks at the model alone, not at '%s'", o->file);
        return;
    }
    const bool from_input[] = {file_is_standard(o->model), file_is_standard(o->file),
                               o->entries && file_is_standard(o->entries)};
    if (from_input[0] + from_input[1] + from_input[2] > 1)
        die_usage("only one of the model, the table and the entries can be standard input");
}

static enum mode importance_mode(const struct cli *cli)
{
    static const char *const kinds[] = {"impurity", "permutation", NULL};

    return cli_choice(cli, kinds) == 0 ? MODE_IMPURITY : MODE_PERMUTATION;
}

static enum mode shap_mode(const struct cli *cli)
{
    static const char *const kinds[] = {"rows", NULL};

    if (!cli_value(cli))
        return MODE_SHAP;
    (void)cli_choice(cli, kinds);
    return MODE_SHAP_ROWS;
}

static void take_option(struct options *o, int key, const struct cli *cli)
{
    static const char *const criteria[] = {"gini", "entropy", NULL};

    switch (key) {
    case 'c':
        o->class = cli_value(cli);
        break;
    case KEY_ENTRIES:
        o->entries = cli_value(cli);
        break;
    case KEY_COMPARE:
        o->compare = cli_value(cli) ? cli_value(cli) : "predicted";
        break;
    case KEY_PREDICT:
        set_mode(o, MODE_PREDICT);
        o->predicted = cli_value(cli) ? cli_new_column(cli) : o->predicted;
        break;
    case KEY_VOTES:
        o->votes = true;
        break;
    case KEY_EXPLAIN:
        set_mode(o, MODE_EXPLAIN);
        break;
    case KEY_IMPORTANCE:
        set_mode(o, importance_mode(cli));
        break;
    case KEY_CRITERION:
        o->entropy = cli_choice(cli, criteria) == 1;
        o->has_criterion = true;
        break;
    case KEY_REPEATS:
        o->repeats = cli_u64(cli, 1, 1000);
        break;
    case KEY_SHAP:
        set_mode(o, shap_mode(cli));
        break;
    }
}

static void check_together(const struct options *o)
{
    if ((o->entries || o->compare) && o->mode != MODE_REPORT)
        die_usage("--%s goes with the report", o->entries ? "entries" : "compare");
    if (o->entries && o->compare)
        die_usage("--entries and --compare: one of them at a time");
    if (o->votes && o->mode != MODE_PREDICT)
        die_usage("--votes goes with --predict");
    if (o->has_criterion && o->mode != MODE_IMPURITY)
        die_usage("--criterion goes with --importance=impurity");
    if (o->repeats && o->mode != MODE_PERMUTATION)
        die_usage("--repeats goes with --importance=permutation");
    cli_not_input("output", o->shared->output, o->entries);
}

struct options options_parse(struct cli *cli)
{
    struct options o = {.shared = cli_shared(cli), .predicted = "predicted"};

    for (int key; (key = cli_next(cli)) != CLI_END;)
        take_option(&o, key, cli);
    check_together(&o);
    if (!o.repeats)
        o.repeats = 5;
    take_operands(&o, cli);
    return o;
}
