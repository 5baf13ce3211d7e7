/* What the command line asks for. */
#ifndef WEIR_OPTIONS_H
#define WEIR_OPTIONS_H

#include "cli.h"
#include "counts.h"
#include "emission.h"
#include "fit.h"
#include "start.h"

enum criterion {
    CRITERION_BIC,
    CRITERION_AIC,
};

struct options {
    const char *file;   /* NULL: standard input */
    const char *score;  /* a model to score by; NULL: train */
    const char *start;  /* a model to begin from; NULL: clusters */
    const char *scores; /* the table of scores; NULL: standard error alone */
    const char *iat;    /* the column of times; NULL: by default */
    bool exact;         /* lengths and times were not rounded */
    struct counts states;
    enum criterion criterion;
    uint64_t restarts;
    enum start_by clusters;
    struct emission_kind kind;
    struct fit_options fit;
    bool coupled;
    double prior; /* of couple.h's weight */
    char *made;
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;

/* What is wrong ends the program. made and states.values are freed by the caller. */
struct options options_parse(struct cli *c);

/* The column of times that is learnt. */
const char *options_iat(const struct options *o);

/* A remark on packets of the series that were left out. */
void options_note(const struct options *o, const struct series *s);

#endif
