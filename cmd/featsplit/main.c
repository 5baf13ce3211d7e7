/* featsplit: parts a table in train and test so that what belongs together stays together. */
#include "file.h"
#include "mem.h"
#include "row_places.h"
#include "split.h"
#include "spool.h"

#include <stdlib.h>
#include <string.h>

enum key {
    KEY_TRAIN = CLI_LONG,
    KEY_TEST,
    KEY_RATIO,
    KEY_BY,
    KEY_UNORDERED,
    KEY_FOLDS,
    KEY_FOLD,
    KEY_NO_STRATIFY,
};

static const struct cli_option own_options[] = {
    {KEY_TRAIN, "train", "FILE", "write the training rows to FILE"},
    {KEY_TEST, "test", "FILE", "write the test rows to FILE"},
    {KEY_RATIO, "ratio", "R", "the test table's share of the rows (default 0.3)"},
    {KEY_BY, "by", "WHAT",
     "rows that agree in it stay together (default flow): columns\n"
     "(flow, file, or COLUMN,…), time (a cut: train before, test after),\n"
     "row (none stay together)"},
    {KEY_UNORDERED, "unordered", NULL,
     "the words of the --by columns in any order: 'a b' goes with 'b a'"},
    {KEY_FOLDS, "folds", "K", "cross validation: K parts of equal size,"},
    {KEY_FOLD, "fold", "I", "of which the I-th (from 1) is the test table"},
    {'c', "class", "NAME", "the class column (default class)"},
    {KEY_NO_STRATIFY, "no-stratify", NULL, "do not keep the classes' shares alike on both sides"},
    {0, NULL, NULL, NULL},
};

static const struct cli_spec spec = {
    .synopsis = "[options] --train=FILE --test=FILE [FILE]",
    .summary = "Parts the rows of a table in train and test; rows of one flow never part.",
    .example = "featsplit --train=train.csv --test=test.csv --by=file packets.csv",
    .options = own_options,
    .shared = CLI_SEED | CLI_PROGRESS,
};

static void take_option(const struct cli *c, int key, struct split_options *o)
{
    switch ((enum key)key) {
    case KEY_TRAIN:
        o->train = cli_value(c);
        break;
    case KEY_TEST:
        o->test = cli_value(c);
        break;
    case KEY_RATIO:
        o->ratio = cli_f64(c, 0, 1);
        if (o->ratio == 0 || o->ratio == 1)
            cli_bad_value(c, "leaves one table empty");
        break;
    case KEY_BY:
        o->by = cli_value(c);
        break;
    case KEY_UNORDERED:
        o->unordered = true;
        break;
    case KEY_FOLDS:
        o->folds = (size_t)cli_u64(c, 2, MOST_PARTS);
        break;
    case KEY_FOLD:
        o->fold = (size_t)cli_u64(c, 1, MOST_PARTS);
        break;
    case KEY_NO_STRATIFY:
        o->stratify = false;
        break;
    default: /* 'c' */
        o->label = cli_value(c);
    }
}

static void check_options(const struct split_options *o, bool has_ratio)
{
    const bool by_time = strcmp(o->by, "time") == 0, by_row = strcmp(o->by, "row") == 0;

    if (!o->train || !o->test)
        die_usage("say where the rows go: --train=FILE --test=FILE");
    if (file_same(o->train, o->test))
        die_usage("--train and --test are the same file");
    if (o->file && (file_same(o->file, o->train) || file_same(o->file, o->test)))
        die_usage("--%s is the input file", file_same(o->file, o->train) ? "train" : "test");
    if (!o->folds != !o->fold)
        die_usage("--folds=K and --fold=I go together");
    if (o->fold > o->folds)
        die_usage("--fold: there are %zu folds", o->folds);
    if (o->folds && has_ratio)
        die_usage("--ratio does not go with --folds, whose test tables are of equal size");
    if (o->folds && by_time)
        die_usage("--folds does not go with --by=time");
    if (o->unordered && (by_time || by_row))
        die_usage("--unordered does not go with --by=%s", o->by);
}

static bool find_label(struct split *s, struct err *e)
{
    const struct split_options *const o = s->options;
    const char *const name = o->label ? o->label : "class";
    size_t column;

    s->label = table_find(s->table, name);
    if (s->label != TABLE_NONE)
        return true;
    if (o->label)
        return table_require(s->table, name, &column, e);
    return !o->stratify || strcmp(o->by, "time") == 0 ||
           err_set(e,
                   "%s:1: there is no column 'class' (-c NAME names it, --no-stratify does "
                   "without)",
                   table_path(s->table));
}

static bool run(struct split *s, struct err *e)
{
    const struct split_options *const o = s->options;

    if (!(s->table = spool_table(o->file, e)) || !find_label(s, e))
        return false;
    s->header = mem_string(table_raw(s->table).p, table_raw(s->table).n);
    s->grouping = grouping_new(s->table, o->by, o->unordered, o->label ? o->label : "class", e);
    return s->grouping && split_survey(s, e) && split_assign(s, e) && split_write(s, e);
}

static void split_free(struct split *s)
{
    table_close(s->table);
    free(s->header);
    grouping_free(s->grouping);
    intern_free(s->classes);
    free(s->class_rows);
    groups_free(s->groups);
    free(s->rank);
    free(s->stratum);
    row_places_free(s->places);
    free(s->counts);
    twins_free(s->twins);
}

int main(int argc, char **argv)
{
    struct cli *const c = cli_new(&spec, argc, argv);
    struct split_options options = {.by = "flow", .ratio = 0.3, .stratify = true};
    bool has_ratio = false;
    struct err e;

    for (int key; (key = cli_next(c)) != CLI_END;) {
        take_option(c, key, &options);
        has_ratio |= key == KEY_RATIO;
    }
    options.file = cli_file(c);
    check_options(&options, has_ratio);
    struct split s = {.options = &options, .shared = cli_shared(c), .label = TABLE_NONE};
    if (!run(&s, &e))
        die_err(&e);
    split_report(&s);
    split_free(&s);
    cli_free(c);
    return EXIT_DONE;
}
