/* cnn-eval: how good a flow classifier is on a table, and what it says of flows. */
#include "err.h"
#include "export.h"
#include "input.h"
#include "options.h"
#include "predict.h"
#include "report.h"

static void export(const struct options *o)
{
    struct err e;
    struct cnn *const m = cnn_read(o->model, &e);
    struct out *const out = m ? out_open(o->shared->output, &e) : NULL;

    if (!out)
        die_err(&e);
    export_model(m, out);
    cnn_free(m);
    if (!out_close(out, &e))
        die_err(&e);
}

static void evaluate(const struct options *o)
{
    struct input in;
    struct err e;

    if (!input_open(&in, o, &e))
        die_err(&e);
    struct out *const out = out_open(o->shared->output, &e);
    if (!out)
        die_err(&e);
    if (!(o->predicted ? predict_run : report_run)(&in, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    if (in.unknown)
        cli_note(o->shared, "%llu unknown row%s appended to %s",
                 (unsigned long long)collect_rows(in.unknown),
                 collect_rows(in.unknown) == 1 ? "" : "s", o->unknown);
    if (!input_close(&in, &e))
        die_err(&e);
}

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);

    (o.onnx ? export : evaluate)(&o);
    cli_free(cli);
    return EXIT_DONE;
}
