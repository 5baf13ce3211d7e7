/* What the command line asks for. */
#ifndef GMM_TRAIN_OPTIONS_H
#define GMM_TRAIN_OPTIONS_H

#include "cli.h"
#include "counts.h"
#include "em.h"

enum criterion {
    CRITERION_BIC,
    CRITERION_AIC,
    CRITERION_HELD_OUT,
};

struct options {
    const char *file; /* NULL: standard input */
    const char *iat;  /* the column of times */
    struct counts components;
    enum criterion criterion;
    double held_out; /* the part of each direction's packets that is held out */
    bool exact;      /* lengths and times were not rounded */
    uint64_t restarts;
    struct em_options em;
    const char *scores; /* a file for the table of scores, or NULL */
    char *made;
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;

/* Ends the program where the command line is wrong. Freed with options_free(). */
void options_parse(struct options *o, struct cli *c);
void options_free(struct options *o);

#endif
