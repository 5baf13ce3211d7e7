/* The command line of flow-cluster. */
#ifndef FLOW_CLUSTER_OPTIONS_H
#define FLOW_CLUSTER_OPTIONS_H

#include "cli.h"
#include "counts.h"

#include <stddef.h>
#include <stdint.h>

/* --name=CLUSTER=NAME. */
struct given_name {
    uint64_t cluster; /* from 1 on */
    const char *name;
};

struct options {
    const char *file;  /* NULL: standard input */
    const char *class; /* the new column of names */
    struct counts clusters;
    struct given_name *names;
    size_t n_names;
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;

/* Ends the program where the command line is wrong. Freed with options_free(). */
void options_parse(struct options *o, struct cli *c);
void options_free(struct options *o);

#endif
