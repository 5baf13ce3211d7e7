/* hmm-train: learns hidden Markov models of packet series, and scores series by them. */
#include "mem.h"
#include "options.h"
#include "recognise.h"
#include "train.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    struct err e;
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    struct options o = options_parse(cli);
    struct out *const out = out_open(o.shared->output, &e);

    if (!out)
        die_err(&e);
    if (!(o.score ? recognise(&o, out, &e) : train(&o, out, &e))) {
        out_abandon(out);
        die_err(&e);
    }
    if (!out_close(out, &e))
        die_err(&e);
    free(o.states.values);
    free(o.made);
    cli_free(cli);
    return EXIT_DONE;
}
