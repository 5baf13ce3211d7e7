/* What the command line asks for. */
#ifndef GMM_CODE_OPTIONS_H
#define GMM_CODE_OPTIONS_H

#include "cli.h"

struct options {
    const char *model;
    const char *file; /* NULL: standard input */
    bool decode;
    bool mean; /* of the component, instead of a draw */
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;
struct options options_parse(struct cli *c);

#endif
