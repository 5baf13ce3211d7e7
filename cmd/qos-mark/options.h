/* The options of qos-mark. */
#ifndef QOS_MARK_OPTIONS_H
#define QOS_MARK_OPTIONS_H

#include "cli.h"

struct options {
    const char *policy;  /* NULL: the one that is built in */
    const char *class;   /* column; NULL: predicted, or else class */
    const char *devices; /* interfaces with commas between; NULL: none, no tc */
    const char *tc;      /* where what tc is to do goes; NULL: nowhere */
    uint64_t timeout;    /* s */
    uint64_t max_flows;
    bool print_policy, apply;
    const char *file;
    const struct cli_shared_values *shared;
};

extern const struct cli_spec options_spec;

/* Takes all options; ends the program where they are wrong. The cli must outlive them. */
void options_parse(struct options *o, struct cli *c);

#endif
