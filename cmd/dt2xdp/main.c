/* dt2xdp: a tree model as an XDP program. */
#include "classifier.h"
#include "err.h"
#include "options.h"
#include "program.h"

int main(int argc, char **argv)
{
    struct cli *const cli = cli_new(&options_spec, argc, argv);
    const struct options o = options_parse(cli);
    struct classifier c = classifier_read(&o.classifier);

    classifier_write(&c, o.classifier.output, program_write, &o);
    classifier_free(&c);
    cli_free(cli);
    return EXIT_DONE;
}
