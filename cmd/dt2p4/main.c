/* dt2p4: a tree model as a P4 program, whose tables dt2p4entries(1) fills. */
#include "err.h"
#include "options.h"
#include "out.h"
#include "program.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct err e;

    struct model *const m = model_read(o.model, &e);
    if (!m)
        die_err(&e);
    struct reaction *const reactions = reactions_read(o.drop, o.dscp, m, &e);
    if (!reactions)
        die_usage("%s", e.text);
    struct out *const out = out_open(o.output, &e);
    if (!out)
        die_err(&e);
    if (!program_write(m, &o, reactions, out, &e)) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    free(reactions);
    model_free(m);
    cli_free(cli);
    return EXIT_DONE;
}
