/* dt2p4: a tree model as a P4 program, whose tables dt2p4entries(1) fills. */
#include "classifier.h"
#include "entries_limit.h"
#include "err.h"
#include "options.h"
#include "program.h"

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    struct options o = options_parse(cli);
    struct classifier c = classifier_read(&o.classifier);
    struct err e;

    if (o.has_default && !entries_default_class(o.default_class, c.m, &o.entries, &e))
        die_usage("%s", e.text);
    classifier_write(&c, o.classifier.output, program_write, &o);
    classifier_free(&c);
    cli_free(cli);
    return EXIT_DONE;
}
