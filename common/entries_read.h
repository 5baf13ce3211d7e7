/* Reading entries back: the file of a format as the tables of a model, as its target would match
 * them. */
#ifndef WEIR_ENTRIES_READ_H
#define WEIR_ENTRIES_READ_H

#include "entries.h"

enum entries_format {
    FORMAT_BMV2,
    FORMAT_P4RUNTIME_JSON,
    FORMAT_P4RUNTIME_TEXT,
    FORMAT_CONST,
    FORMAT_BFRT,
    FORMAT_DPDK,
    FORMAT_COUNT
};

/* "bmv2", "p4runtime-json"…, ended by NULL. */
extern const char *const entries_format_names[FORMAT_COUNT + 1];

enum { DPDK_MAX_WORDS = 256 }; /* that DPDK reads of a line */

struct p4info; /* see p4info.h */

/* Reads a file of entries for a model (path NULL or "-": standard input). Its format is recognised
 * by its text, the encoding by its tables. ids: the numbers of P4Runtime text, NULL: Weir's own.
 * Entries come first match first by the rules of the target. NULL with *e ("FILE:LINE: …") where
 * the file is not whole, does not fit the model, or would not be taken by the target. */
struct entries *entries_read(const char *path, const struct model *m, const struct p4info *ids,
                             struct err *e);

/* The same on memory, in a known format, or FORMAT_COUNT. */
struct entries *entries_read_memory(const void *p, size_t n, const char *name,
                                    enum entries_format format, const struct model *m,
                                    const struct p4info *ids, struct err *e);

#endif
