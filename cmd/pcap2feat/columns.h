/* The columns of the output: chosen by name, printed one function a column. */
#ifndef PCAP2FEAT_COLUMNS_H
#define PCAP2FEAT_COLUMNS_H

#include "err.h"
#include "feature.h"
#include "out.h"
#include "row.h"

#include <stdbool.h>

struct columns;

/* The columns of a comma-separated list of names. NULL with *e when a name is unknown, stands twice
 * or is no packet column. format: TABLE_CSV or TABLE_TSV. Freed with columns_free(). */
struct columns *columns_new(const char *list, enum table_format format, struct err *e);
void columns_free(struct columns *c);

/* Columns that only some runs have. */
enum {
    COLUMN_CLASS = 1 << 0,
    COLUMN_FILTERS = 1 << 1,
    COLUMN_TAG = 1 << 2,
    COLUMN_CONTEXT = 1 << 3, /* all from F_HOST_FLOWS on */
};

/* Whether it is one of those and not in the set. */
bool columns_apart(enum feature_id id, unsigned extra);

/* All packet columns as a list, with those of the set. Freed by the caller. */
char *columns_all(unsigned extra);

bool columns_have(const struct columns *c, enum feature_id id);

/* What the columns together need: enum need bits. */
unsigned columns_need(const struct columns *c);

void columns_header(const struct columns *c, struct out *o);
void columns_row(const struct columns *c, const struct row *r, struct out *o);

/* The registry as a table (TSV): name, role, level, source, bits, unit, meaning. */
void columns_registry(struct out *o);

#endif
