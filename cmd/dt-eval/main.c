/* dt-eval: how good a tree model is on a table, and why it says what it says. */
#include "err.h"
#include "explain.h"
#include "importance.h"
#include "input.h"
#include "options.h"
#include "predict.h"
#include "report.h"
#include "shap_run.h"

/* What each mode needs and does. */
static const struct {
    enum need need;
    bool (*run)(struct input *in, const struct options *o, struct out *out, struct err *e);
} modes[] = {
    [MODE_REPORT] = {NEED_CLASSES, report_run},
    [MODE_PREDICT] = {NEED_ROWS, predict_run},
    [MODE_EXPLAIN] = {NEED_ROWS, explain_run},
    [MODE_IMPURITY] = {NEED_MODEL, impurity_run},
    [MODE_PERMUTATION] = {NEED_CLASSES, permutation_run},
    [MODE_SHAP] = {NEED_ROWS, shap_run},
    [MODE_SHAP_ROWS] = {NEED_ROWS, shap_run},
};

/* Entries can be compared with the model without knowing the truth. */
static enum need need_of(const struct options *o)
{
    return o->entries ? NEED_ROWS : modes[o->mode].need;
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct input in;
    struct err e;

    if (!input_open(&in, &o, need_of(&o), &e))
        die_err(&e);
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    if (!modes[o.mode].run(&in, &o, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    input_close(&in);
    cli_free(cli);
    return EXIT_DONE;
}
