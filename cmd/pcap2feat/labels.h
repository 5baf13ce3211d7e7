/* The class column: from filter rules, a table of flows, the file's name or directory, or one name
 * for all; in that order, the first that says something. */
#ifndef PCAP2FEAT_LABELS_H
#define PCAP2FEAT_LABELS_H

#include "capture.h"
#include "cli.h"
#include "decode.h"
#include "err.h"
#include "filter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum label_from {
    LABEL_FROM_NOTHING,
    LABEL_FROM_FILENAME, /* the text before the first dot */
    LABEL_FROM_DIRNAME,  /* the directory that holds the file */
};

struct label_rule {
    char *name;
    struct filter *filter;
};

struct label_options {
    const char *name; /* -l; NULL: none */
    enum label_from from;
    const char *table; /* NULL: none */
    struct label_rule *rules;
    size_t n_rules, rules_cap;
};

/* Whether any of them gives classes. */
bool labels_wanted(const struct label_options *o);

struct labels;

/* NULL with *e when the table can't be read. The options must outlive it. format: how names are
 * quoted. Freed with labels_free(). */
struct labels *labels_new(const struct label_options *o, enum table_format format, struct err *e);
void labels_free(struct labels *l);

/* Frames of that origin may come. False with *e when a class is to come from its path and there is
 * none. */
bool labels_begin(struct labels *l, uint32_t origin, const char *path, struct err *e);

/* The class of a packet, quoted for the output. False, and counted by cause, when it has none. */
bool labels_find(struct labels *l, const struct frame *f, const struct packet *p,
                 struct span *class);

/* The same without counting: NULL, and why, when it has none. The text stays as long as the labels
 * do. */
const char *labels_look(struct labels *l, const struct frame *f, const struct packet *p,
                        bool *ambiguous);

/* Counts so many that have no class. */
void labels_count(struct labels *l, bool ambiguous, uint64_t n);

/* A remark for each cause for which a packet (or whatever has a row) got no class. */
void labels_report(const struct labels *l, const struct cli_shared_values *v, const char *what);

#endif
