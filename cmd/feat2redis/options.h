/* The command line of feat2redis. */
#ifndef FEAT2REDIS_OPTIONS_H
#define FEAT2REDIS_OPTIONS_H

#include "cli.h"
#include "redis_key.h"

struct options {
    const char *file;      /* NULL: standard input */
    struct redis_key *key; /* NULL: no hashes */
    uint64_t ttl;          /* s; 0: for ever */
    const char *channel;   /* NULL: none; needs a key */
    const char *stream;    /* NULL: none */
    uint64_t maxlen;       /* 0: all */
    const char *run;       /* NULL: a name by chance */
    size_t batch;          /* rows */
    const struct cli_shared_values *shared;
    struct cli *cli;
};

/* Ends the program with exit code 2 when the command line is wrong. Freed with options_free(). */
void options_parse(struct options *o, int argc, char **argv);
void options_free(struct options *o);

#endif
