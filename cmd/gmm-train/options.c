#include "options.h"

#include "em_search.h"
#include "err.h"
#include "gmm.h"

#include <stdlib.h>

enum key {
    KEY_COMPONENTS = CLI_LONG,
    KEY_CRITERION,
    KEY_HELD_OUT,
    KEY_RESTARTS,
    KEY_MAX_ITERATIONS,
    KEY_TOLERANCE,
    KEY_FLOOR,
    KEY_EXACT,
    KEY_IAT,
    KEY_SCORES,
};

static const struct cli_option own_options[] = {
    {KEY_COMPONENTS, "components", "LIST",
     "numbers of components to try: N, FROM:TO, FROM:TO:STEP,\nor several of these with commas "
     "between (default: 10:120:4)"},
    {KEY_CRITERION, "criterion", "bic|aic|heldout", "what chooses among them (default: bic)"},
    {KEY_HELD_OUT, "held-out", "X",
     "with heldout: the last part of each direction's packets,\nwhich the fits do not see "
     "(default: 0.2)"},
    {KEY_RESTARTS, "restarts", "N", "fits from N starts each, and keeps the best (default: 10)"},
    {KEY_MAX_ITERATIONS, "max-iterations", "N", "steps of EM at most (default: 500)"},
    {KEY_TOLERANCE, "tolerance", "X",
     "a step that gains less log-likelihood a packet is the last\n(default: 1e-5)"},
    {KEY_FLOOR, "floor", "X", "least variance in any direction (default: 1e-9)"},
    {KEY_EXACT, "exact", NULL,
     "takes lengths and times as they stand, not as rounded to\nbytes and to the clock's steps"},
    {KEY_IAT, "iat", "dir_iat|iat", "the column of times (default: dir_iat)"},
    {KEY_SCORES, "scores", "FILE", "the table of scores goes to FILE, too"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]",
    .summary = "Fits a Gaussian mixture to the packets of each direction of a series: to length\n"
               "and inter-arrival time, with the number of components that suits best.",
    .example = "gmm-train --components=10:120:4 call.csv > call.gmm",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_SEED | CLI_THREADS | CLI_PROGRESS,
};

/* Points of the plane differ by 45 at most: below this floor, rounding could make a covariance
 * singular. */
static const double LEAST_FLOOR = 1e-10;

static void parse_components(struct options *o, const struct cli *c)
{
    struct err e;

    free(o->components.values);
    if (!counts_parse(cli_value(c), 1, GMM_MAX_COMPONENTS, &o->components, &e))
        cli_bad_value(c, "%s", e.text);
}

static void parse_option(struct options *o, const struct cli *c, int key)
{
    static const char *const criteria[] = {"bic", "aic", "heldout", NULL};
    static const char *const columns[] = {"dir_iat", "iat", NULL};

    switch (key) {
    case KEY_COMPONENTS:
        parse_components(o, c);
        break;
    case KEY_CRITERION:
        o->criterion = (enum criterion)cli_choice(c, criteria);
        break;
    case KEY_HELD_OUT:
        o->held_out = cli_f64(c, 0.001, 0.999);
        break;
    case KEY_RESTARTS:
        o->restarts = cli_u64(c, 1, EM_MOST_STARTS);
        break;
    case KEY_MAX_ITERATIONS:
        o->em.max_iterations = cli_u64(c, 0, UINT32_MAX);
        break;
    case KEY_TOLERANCE:
        o->em.tolerance = cli_f64(c, 0, 1e6);
        break;
    case KEY_FLOOR:
        o->em.floor = cli_f64(c, LEAST_FLOOR, 1);
        break;
    case KEY_EXACT:
        o->exact = true;
        break;
    case KEY_IAT:
        o->iat = columns[cli_choice(c, columns)];
        break;
    default:
        o->scores = cli_value(c);
        break;
    }
}

void options_parse(struct options *o, struct cli *c)
{
    struct err e;
    bool held_out = false;

    *o = (struct options){
        .iat = "dir_iat",
        .held_out = 0.2,
        .restarts = 10,
        .em = {.max_iterations = 500, .tolerance = 1e-5, .floor = GAUSS2_FLOOR},
    };
    for (int key; (key = cli_next(c)) != CLI_END;) {
        parse_option(o, c, key);
        held_out |= key == KEY_HELD_OUT;
    }
    if (held_out && o->criterion != CRITERION_HELD_OUT)
        die_usage("--held-out has no use without --criterion=heldout");
    if (!o->components.n && !counts_parse("10:120:4", 1, GMM_MAX_COMPONENTS, &o->components, &e))
        die_err(&e);
    o->file = cli_file(c);
    o->shared = cli_shared(c);
    cli_not_output(c, "scores", o->scores);
    cli_not_input("scores", o->scores, o->file);
    o->made = cli_recorded(c);
}

void options_free(struct options *o)
{
    free(o->components.values);
    free(o->made);
}
