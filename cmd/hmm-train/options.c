#include "options.h"

#include "err.h"
#include "file.h"

#include <stdlib.h>
#include <string.h>

enum key {
    KEY_STATES = CLI_LONG,
    KEY_CRITERION,
    KEY_RESTARTS,
    KEY_CLUSTERS,
    KEY_MAX_ITERATIONS,
    KEY_TOLERANCE,
    KEY_FLOOR,
    KEY_EXACT,
    KEY_IAT,
    KEY_JOINT,
    KEY_COUPLED,
    KEY_PRIOR,
    KEY_EMISSION,
    KEY_TIMES,
    KEY_START,
    KEY_SCORES,
    KEY_SCORE,
    KEY_COUNT
};

enum { MOST_RESTARTS = 10000 };

static const struct cli_option own_options[] = {
    {KEY_STATES, "states", "LIST",
     "numbers of states to try: FROM:TO:STEP, or some numbers\n"
     "(default 1:40:2)"},
    {KEY_CRITERION, "criterion", "bic|aic", "what chooses among them (default bic)"},
    {KEY_RESTARTS, "restarts", "N",
     "fits from different starts, the best of which counts\n"
     "(default 1)"},
    {KEY_CLUSTERS, "clusters", "packet|context|stretch",
     "the first fit starts from clusters of packets, of packets\nwith their neighbours, or with "
     "the means around them; more\nrestarts take these in turn (default packet; with --joint\n"
     "stretch)"},
    {KEY_MAX_ITERATIONS, "max-iterations", "N", "of EM in a fit (default 500)"},
    {KEY_TOLERANCE, "tolerance", "X",
     "a fit ends when an iteration gains less than X nats a\npacket (default 1e-6)"},
    {KEY_FLOOR, "floor", "X", "the least variance in any direction (default 1e-9)"},
    {KEY_EXACT, "exact", NULL,
     "take lengths and times as they stand, not as rounded to\nbytes and to the clock's steps"},
    {KEY_IAT, "iat", "COLUMN", "the times to learn (default dir_iat; with --joint iat)"},
    {KEY_JOINT, "joint", NULL, "one chain for both directions"},
    {KEY_COUPLED, "coupled", NULL,
     "two chains, each of which goes on by the state of the other\none, too"},
    {KEY_PRIOR, "prior", "X",
     "with --coupled: transitions of the chain alone that a pair\nof states begins with (default "
     "10)"},
    {KEY_EMISSION, "emission", "gaussian|discrete-len",
     "what a state emits: a Gaussian of length and time (default),\nor lengths one by one and a "
     "mixture of times"},
    {KEY_TIMES, "times", "N", "components of that mixture (default 3)"},
    {KEY_START, "start", "MODEL", "begin from a model instead, of the same kind and states"},
    {KEY_SCORES, "scores", "FILE", "write the table of scores there, too"},
    {KEY_SCORE, "score", "MODEL",
     "do not train: add the states and log-likelihoods of the\npackets "
     "under a model to the table"},
    {0},
};

const struct cli_spec options_spec = {
    .synopsis = "[options] [FILE]",
    .summary =
        "Learns hidden Markov models of how packets follow each other, one a direction, from "
        "a\ntable of packets, and recognises packets by them.",
    .example = "hmm-train --states=1:40:2 packets.csv > call.hmm",
    .options = own_options,
    .shared = CLI_OUTPUT | CLI_SEED | CLI_THREADS | CLI_FORMAT | CLI_PROGRESS,
};

/* Below this floor, rounding could make a covariance singular. */
static const double LEAST_FLOOR = 1e-10;

static void parse_states(struct options *o, const struct cli *c)
{
    struct err e;

    free(o->states.values);
    if (!counts_parse(cli_value(c), 1, HMM_MAX_STATES, &o->states, &e))
        cli_bad_value(c, "%s", e.text);
}

static void parse(struct options *o, const struct cli *c, int key)
{
    static const char *const criteria[] = {"bic", "aic", NULL};
    static const char *const clusters[] = {"packet", "context", "stretch", NULL};
    static const char *const emissions[] = {"gaussian", "discrete-len", NULL};

    switch (key) {
    case KEY_STATES:
        parse_states(o, c);
        break;
    case KEY_CRITERION:
        o->criterion = (enum criterion)cli_choice(c, criteria);
        break;
    case KEY_RESTARTS:
        o->restarts = cli_u64(c, 1, MOST_RESTARTS);
        break;
    case KEY_CLUSTERS:
        o->clusters = (enum start_by)cli_choice(c, clusters);
        break;
    case KEY_MAX_ITERATIONS:
        o->fit.max_iterations = cli_u64(c, 0, UINT32_MAX);
        break;
    case KEY_TOLERANCE:
        o->fit.tolerance = cli_f64(c, 0, 1e9);
        break;
    case KEY_FLOOR:
        o->kind.floor = cli_f64(c, LEAST_FLOOR, 1e3);
        break;
    case KEY_EXACT:
        o->exact = true;
        break;
    case KEY_IAT:
        o->iat = cli_value(c);
        break;
    case KEY_JOINT:
        o->kind.joint = true;
        break;
    case KEY_COUPLED:
        o->coupled = true;
        break;
    case KEY_PRIOR:
        o->prior = cli_f64(c, 1e-6, 1e9);
        break;
    case KEY_EMISSION:
        o->kind.emission = (enum hmm_emission)cli_choice(c, emissions);
        break;
    case KEY_TIMES:
        o->kind.times = cli_u64(c, 1, HMM_MAX_TIMES);
        break;
    case KEY_START:
        o->start = cli_value(c);
        break;
    case KEY_SCORES:
        o->scores = cli_value(c);
        break;
    case KEY_SCORE:
        o->score = cli_value(c);
        break;
    default:
        break;
    }
}

/* Options that say nothing beside --start or --score are wrong beside it. */
static void check(const struct options *o, const bool *given)
{
    static const enum key of_model[] = {KEY_STATES, KEY_JOINT, KEY_EMISSION, KEY_TIMES, KEY_IAT};
    static const enum key of_starts[] = {KEY_CRITERION, KEY_RESTARTS, KEY_CLUSTERS};
    static const enum key of_fits[] = {KEY_MAX_ITERATIONS, KEY_TOLERANCE, KEY_FLOOR,
                                       KEY_START,          KEY_SCORES,    KEY_COUPLED};
    const char *const other = o->score ? "score" : "start";
    const bool format = o->shared->format != TABLE_AUTO;

    for (size_t i = 0; (o->score || o->start) && i < sizeof of_model / sizeof *of_model; i++)
        if (given[of_model[i] - CLI_LONG])
            die_usage("--%s and --%s: the model says that",
                      own_options[of_model[i] - CLI_LONG].name, other);
    for (size_t i = 0; (o->score || o->start) && i < sizeof of_starts / sizeof *of_starts; i++)
        if (given[of_starts[i] - CLI_LONG])
            die_usage("--%s has no use with --%s", own_options[of_starts[i] - CLI_LONG].name,
                      other);
    for (size_t i = 0; o->score && i < sizeof of_fits / sizeof *of_fits; i++)
        if (given[of_fits[i] - CLI_LONG])
            die_usage("--%s has no use with --score", own_options[of_fits[i] - CLI_LONG].name);
    if (given[KEY_TIMES - CLI_LONG] && o->kind.emission != HMM_DISCRETE_LEN)
        die_usage("--times has no use without --emission=discrete-len");
    if (given[KEY_PRIOR - CLI_LONG] && !o->coupled)
        die_usage("--prior has no use without --coupled");
    if (o->coupled && o->kind.joint)
        die_usage("--coupled and --joint: either two chains or one");
    if (o->coupled && strcmp(options_iat(o), "iat") == 0)
        die_usage("--coupled and --iat=iat: chains of their own have times of their own (dir_iat)");
    if (format && !o->score)
        die_usage("--csv and --tsv have no use without --score");
}

static void check_files(const struct options *o, const struct cli *c)
{
    const char *const model = o->score ? o->score : o->start;

    if (model && file_is_standard(model) && file_is_standard(o->file))
        die_usage("only one of the model and the table can be standard input");
    cli_not_output(c, "scores", o->scores);
    cli_not_input("scores", o->scores, o->file);
    cli_not_input("scores", o->scores, o->start);
    cli_not_input("output", o->shared->output, o->start);
    cli_not_input("output", o->shared->output, o->score);
}

struct options options_parse(struct cli *c)
{
    struct options o = {
        .restarts = 1,
        .clusters = START_PACKET,
        .kind = {.emission = HMM_GAUSSIAN, .times = 3, .floor = GAUSS2_FLOOR},
        .fit = {.max_iterations = 500, .tolerance = 1e-6},
        .prior = 10,
    };
    bool given[KEY_COUNT - CLI_LONG] = {false};
    struct err e;

    for (int key; (key = cli_next(c)) != CLI_END;) {
        given[key - CLI_LONG] = true;
        parse(&o, c, key);
    }
    if (o.kind.joint && !given[KEY_CLUSTERS - CLI_LONG])
        o.clusters = START_STRETCH;
    o.file = cli_file(c);
    o.shared = cli_shared(c);
    check(&o, given);
    check_files(&o, c);
    if (!o.states.values)
        (void)counts_parse("1:40:2", 1, HMM_MAX_STATES, &o.states, &e);
    o.made = cli_recorded(c);
    return o;
}

const char *options_iat(const struct options *o)
{
    if (o->iat)
        return o->iat;
    return o->kind.joint ? "iat" : "dir_iat";
}

void options_note(const struct options *o, const struct series *s)
{
    if (s->without_time > 0)
        cli_note(o->shared, "%llu packet%s without '%s' left out",
                 (unsigned long long)s->without_time, s->without_time == 1 ? "" : "s",
                 s->iat_column);
}
