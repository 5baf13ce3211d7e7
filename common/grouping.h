/* Which rows belong together: the group of a row, from the columns that --by names. */
#ifndef WEIR_GROUPING_H
#define WEIR_GROUPING_H

#include "index.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum by {
    BY_COLUMNS, /* rows of the same values */
    BY_TIME,    /* the same flow, or without such a column the same time; parted by a cut in time */
    BY_ROW,     /* each row is a group */
};

struct grouping;

/* by: "time", "row" or names of columns, comma-separated. unordered: a group is the words (parted
 * by blanks) of these columns, whatever their order. NULL with *e where the table lacks a column.
 * Freed with grouping_free(). */
struct grouping *grouping_new(struct table *t, const char *by, bool unordered, const char *label,
                              struct err *e);
void grouping_free(struct grouping *g);

enum by grouping_by(const struct grouping *g);

/* True when the column tells groups apart. */
bool grouping_has(const struct grouping *g, size_t column);

/* The group of the table's row; not for BY_ROW. */
struct hash128 grouping_key(struct grouping *g, const struct table *t);

/* Rows whose group columns were all empty so far: they are one group. */
uint64_t grouping_empty(const struct grouping *g);

/* BY_TIME: when the row begins and ends, ns. False with *e when that is no time. */
bool grouping_times(const struct grouping *g, const struct table *t, uint64_t *start, uint64_t *end,
                    struct err *e);

#endif
