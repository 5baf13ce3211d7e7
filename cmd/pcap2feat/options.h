/* The command line of pcap2feat. */
#ifndef PCAP2FEAT_OPTIONS_H
#define PCAP2FEAT_OPTIONS_H

#include "cli.h"
#include "filter.h"
#include "labels.h"
#include "named.h"
#include "origin.h"
#include "selection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --per=flow; times in ns. */
struct flow_options {
    bool on;
    uint64_t idle, active, linger, activity;
    bool tcp_end, split;
    bool join;              /* --continue: all files are one input */
    unsigned first_packets; /* 0: all */
    uint32_t shard, shards; /* only the flows of one of so many parts, from 0 */
    const char *preset;     /* its columns; NULL: none */
    uint64_t context;       /* how far back columns of context look */
    bool asks_context;      /* --context was given */
    const char *tags;       /* URL of a Redis server; NULL: none */
};

enum { DEFAULT_MAX_FLOWS = 1000000, DEFAULT_SNAPLEN = 262144 };

struct options {
    char **files; /* "-": standard input; none: standard input too, unless an interface is given */
    size_t n_files;
    const char **interfaces;
    size_t n_interfaces, interfaces_cap;
    struct origin *origins; /* files, or interfaces, in this order; at least one */
    size_t n_origins;
    bool live;        /* interfaces, not files */
    bool merge;       /* files by time, not one after another */
    const char *user; /* NULL: stay who we are */
    int snaplen;      /* live: bytes taken of a packet */
    int buffer;       /* live: bytes of the kernel's ring */
    int fanout;       /* live: group of those that share the interface, or TAP_NO_GROUP */
    double duration;  /* s; 0: no end */
    uint64_t stats;   /* ns between two lines of --stats; 0: none */
    uint64_t count;   /* frames to take; UINT64_MAX: all */

    struct filter *filter; /* NULL: none */
    struct named_filters named;
    bool decap, payload;
    struct selection selection;
    uint64_t max_flows;
    struct flow_options flows;

    const char *fields; /* comma-separated names */
    bool first_zero;
    struct label_options labels;
    const char *save; /* NULL: no */
    bool list_fields;

    enum table_format format; /* TABLE_CSV or TABLE_TSV */
    struct cli_shared_values shared;
    struct cli *cli;
    char *own_fields; /* memory of fields, where they were put together here */
};

/* Ends the program with exit code 2 when the command line is wrong. Freed with options_free(). */
void options_parse(struct options *o, int argc, char **argv);
void options_free(struct options *o);

#endif
