/* The command line: each tool lists its options once, and getopt_long's tables and the --help text
 * come from that list. The options that tools share are described here and nowhere else.
 *
 * Every function that meets a wrong command line ends the program with exit code 2. */
#ifndef WEIR_CLI_H
#define WEIR_CLI_H

#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_VERSION "0.1.0"

struct cli_option {
    int key;          /* the short letter, or CLI_LONG + n for an option without one */
    const char *name; /* the long name; NULL ends the list */
    const char *arg;  /* "FILE"; NULL: takes none; "[NAME]": may be left out */
    const char *help; /* one line; further lines after '\n' */
};

enum {
    CLI_LONG = 256,   /* first key for options without a letter */
    CLI_SHARED = 512, /* keys from here on belong to this module */
};

/* Which of the shared options a tool takes. -h, -V, -q and -v are always there. */
enum cli_shared {
    CLI_OUTPUT = 1 << 0,   /* -o, --output=FILE */
    CLI_SEED = 1 << 1,     /* --seed=N */
    CLI_THREADS = 1 << 2,  /* -j, --threads=N */
    CLI_FORMAT = 1 << 3,   /* --csv, --tsv */
    CLI_PROGRESS = 1 << 4, /* --progress */
    CLI_SANDBOX = 1 << 5,  /* --no-sandbox */
    CLI_REDIS = 1 << 6,    /* --redis, --timeout, --retry */
    CLI_SERIES = 1 << 7,   /* -n, --flows, --start */
};

struct cli_spec {
    const char *synopsis; /* what follows the tool's name: "[options] [FILE]" */
    const char *summary;  /* what the tool does: one sentence */
    const char *example;  /* a command to start from; NULL: none */
    const struct cli_option *options;
    unsigned shared; /* CLI_OUTPUT | … */
};

/* A Redis server and the patience with it. */
struct cli_redis {
    const char *url;       /* default redis://127.0.0.1:6379 */
    double timeout, retry; /* s */
};

/* A series of symbols that is drawn from a model. */
struct cli_series {
    uint64_t n;        /* symbols in all; 0: as learnt */
    uint64_t flows;    /* 0: as learnt; not above n where that is given */
    const char *start; /* NULL: as sequences begin; "stationary", or a symbol */
    const char *given; /* the last of these options that was given, "-n" or "--…"; NULL: none */
};

/* The values of the shared options. */
struct cli_shared_values {
    const char *output;       /* NULL: standard output */
    uint64_t seed;            /* default 1 */
    unsigned threads;         /* at least 1; default: the processors that are online */
    enum table_format format; /* TABLE_AUTO: as it was read */
    struct cli_redis redis;
    struct cli_series series;
    bool no_sandbox;
    bool quiet;
    unsigned verbose; /* how many -v */
    bool progress;    /* asked for, or standard error is a terminal (and not quiet) */
};

struct cli;

/* The spec must outlive the cli. Freed with cli_free(). */
struct cli *cli_new(const struct cli_spec *spec, int argc, char **argv);
void cli_free(struct cli *c);

/* The key of the next option of the tool's own list, or CLI_END. Shared options are dealt with
 * here (--help and --version exit). Options and operands may be mixed. Operands are input files:
 * -o that names one of them is a usage error. */
enum { CLI_END = -1 };
int cli_next(struct cli *c);

/* The value of the option that cli_next() just returned; NULL where "[NAME]" was left out. */
const char *cli_value(const struct cli *c);

/* That value as a number in [min, max] or one of `names` (NULL-ended; returns its place). */
uint64_t cli_u64(const struct cli *c, uint64_t min, uint64_t max);
double cli_f64(const struct cli *c, double min, double max);
size_t cli_choice(const struct cli *c, const char *const *names);

/* That value, which must not be empty. */
const char *cli_name(const struct cli *c);

/* The same as the name of a column that will be written: no control characters either. */
const char *cli_new_column(const struct cli *c);

/* Ends the program: "--name: 'VALUE' TEXT". */
noreturn void cli_bad_value(const struct cli *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* After CLI_END. */
const struct cli_shared_values *cli_shared(const struct cli *c);
size_t cli_operands(const struct cli *c, char ***operands);

/* The one optional FILE operand, NULL for standard input; more than one is a usage error. */
const char *cli_file(const struct cli *c);

/* A usage error where the file that --NAME writes is one that is read. NULL and "-" are no files.
 */
void cli_not_input(const char *name, const char *output, const char *input);

/* A usage error where the file that --NAME writes, unless it is NULL, is --output's. */
void cli_not_output(const struct cli *c, const char *name, const char *other);

/* The options as given, quoted for a shell, without -o, -j and operands: what a model file keeps
 * about how it was made. Freed by the caller. */
char *cli_recorded(const struct cli *c);

/* A remark on standard error that -q silences. */
void cli_note(const struct cli_shared_values *v, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
