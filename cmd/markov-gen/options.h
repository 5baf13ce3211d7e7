/* What the command line asks of markov-gen. */
#ifndef WEIR_MARKOV_OPTIONS_H
#define WEIR_MARKOV_OPTIONS_H

#include "chain_learn.h"
#include "cli.h"

enum score {
    SCORE_NONE,
    SCORE_SERIES,
    SCORE_FLOWS,
    SCORE_SYMBOLS,
};

struct options {
    const struct cli_shared_values *shared;
    const char *file;
    const char *column;
    struct chain_rule rule;
    const char *model, *save;
    bool generate; /* else the model is saved and that is all */
    enum score score;
};

extern const struct cli_spec options_spec;

struct options options_parse(struct cli *cli);

#endif
