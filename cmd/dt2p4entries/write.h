/* Entries as text, in the format of a target. */
#ifndef WEIR_DT2P4ENTRIES_WRITE_H
#define WEIR_DT2P4ENTRIES_WRITE_H

#include "entries.h"
#include "entries_read.h"
#include "p4info.h"
#include "textbuf.h"

struct writing {
    const struct entries *entries;
    const struct model *model;
    const struct table_ids *ids; /* of each table, for P4Runtime text */
    bool classes;                /* name the classes where the format has comments */
};

/* What a format can't say: NULL if it can say all of it, else a sentence for the user. */
const char *format_refuses(enum entries_format format, const struct entries *x);

/* Whether a format can say this encoding at all. */
bool format_takes(enum entries_format format, enum entries_encoding encoding);

/* Entries that a format writes: DPDK's default actions are entries. */
uint64_t format_entries(enum entries_format format, const struct entries *x);

void write_entries(enum entries_format format, const struct writing *w, struct textbuf *to);

#endif
