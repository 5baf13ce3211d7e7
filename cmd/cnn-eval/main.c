/* cnn-eval: how good a flow classifier is on a table, and what it says of flows. */
#include "err.h"
#include "input.h"
#include "options.h"
#include "predict.h"
#include "report.h"

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct input in;
    struct err e;

    if (!input_open(&in, &o, &e))
        die_err(&e);
    struct out *const out = out_open(o.shared->output, &e);
    if (!out)
        die_err(&e);
    if (!(o.predicted ? predict_run : report_run)(&in, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    if (in.unknown)
        cli_note(o.shared, "%llu unknown row%s appended to %s",
                 (unsigned long long)collect_rows(in.unknown),
                 collect_rows(in.unknown) == 1 ? "" : "s", o.unknown);
    if (!input_close(&in, &e))
        die_err(&e);
    cli_free(cli);
    return EXIT_DONE;
}
