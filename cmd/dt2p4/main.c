/* dt2p4: a tree model as a P4 program, whose tables dt2p4entries(1) fills. */
#include "classifier.h"
#include "err.h"
#include "options.h"
#include "program.h"

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);

    classifier_write(&o.classifier, program_write, &o);
    cli_free(cli);
    return EXIT_DONE;
}
