/* What the tools that write a model as a program for the network have in common: the options that
 * say what becomes of a verdict, and the way from the command line to the file. */
#ifndef WEIR_CLASSIFIER_H
#define WEIR_CLASSIFIER_H

#include "cli.h"
#include "err.h"
#include "model.h"
#include "out.h"
#include "reactions.h"

#include <stdbool.h>
#include <stdint.h>

enum report_mode {
    REPORT_ALL,
    REPORT_CHANGE,        /* where the verdict is not the flow's last */
    REPORT_FIRST_VERDICT, /* the flow's first verdict */
    REPORT_NONE,
};

struct classifier_options {
    const char *model, *output;
    const char *drop, *dscp; /* lists, as given; NULL: none */
    enum report_mode report;
    uint64_t first_packets; /* of a flow, which its features are of; 0: a model of packets */
};

enum {
    CLASSIFIER_DROP = CLI_LONG + 128,
    CLASSIFIER_DSCP,
    CLASSIFIER_REPORT,
    CLASSIFIER_FIRST_PACKETS,
};

/* Rows for a tool's list of options. */
#define CLASSIFIER_OPTIONS                                                                         \
    {CLASSIFIER_DROP, "drop", "CLASS,…", "drop the packets of these classes"},                     \
        {CLASSIFIER_DSCP, "dscp", "CLASS=DSCP,…",                                                  \
         "set the DSCP of these classes (a number, or EF, AF41, CS1…)"},                           \
        {CLASSIFIER_FIRST_PACKETS, "first-packets", "N",                                           \
         "for a model of flows: the verdict comes with the N-th packet, as\n"                      \
         "pcap2feat --per=flow --first-packets=N made its rows"},                                  \
    {                                                                                              \
        CLASSIFIER_REPORT, "report", "all|change|first|none",                                      \
            "which verdicts are reported: all, where a flow's verdict changes\n"                   \
            "(default), a flow's first, none"                                                      \
    }

/* Whether reports go by a flow's verdicts, so that the program has to keep these. */
bool classifier_follows_flows(const struct classifier_options *o);

/* What holds without options. */
struct classifier_options classifier_defaults(void);

/* Takes the option that cli_next() just returned where it is one of the rows above. */
void classifier_take(struct classifier_options *o, const struct cli *cli, int key);

/* After CLI_END: the model and the output. */
void classifier_files(struct classifier_options *o, const struct cli *cli);

/* A model, and the reactions to its classes. */
struct classifier {
    struct model *m;
    struct reaction *reactions;
};

/* Reads the model; ends the tool with 1 where that fails, with 2 where the reactions or the first
 * packets do not fit it. Freed with classifier_free(). */
struct classifier classifier_read(const struct classifier_options *o);
void classifier_free(struct classifier *c);

/* Whether a report, with room for so many features, takes the model's, where there are any reports;
 * else false with *e. */
bool classifier_report_fits(const struct classifier_options *o, const struct model *m, size_t room,
                            struct err *e);

/* Writes the program; `options` are the tool's. False with *e where the model can't run there. */
typedef bool classifier_writer(const struct classifier *c, const void *options, struct out *out,
                               struct err *e);

/* Has the program written, and ends the tool with 1 where that fails. */
void classifier_write(const struct classifier *c, const char *output, classifier_writer *write,
                      const void *options);

#endif
