/* The command line of redis2feat. */
#ifndef REDIS2FEAT_OPTIONS_H
#define REDIS2FEAT_OPTIONS_H

#include "cli.h"
#include "redis_key.h"

struct options {
    const char *stream; /* NULL: channel */
    const char *group, *consumer;
    const char *channel;
    struct redis_key *key; /* with channel */
    double claim;          /* s; 0: never */
    bool claims;           /* said so */
    uint64_t count;        /* rows; UINT64_MAX: all */
    double idle;           /* s; 0: for ever */
    size_t batch;
    const struct cli_shared_values *shared;
    struct cli *cli;
    char *host; /* memory of consumer, where it is this machine's name */
};

/* Ends the program with exit code 2 when the command line is wrong. Freed with options_free(). */
void options_parse(struct options *o, int argc, char **argv);
void options_free(struct options *o);

#endif
