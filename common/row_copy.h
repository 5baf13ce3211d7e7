/* The rows of a table as they are, with further columns behind them: for filters that say something
 * of each row. */
#ifndef WEIR_ROW_COPY_H
#define WEIR_ROW_COPY_H

#include "out.h"
#include "table.h"

#include <stdbool.h>

/* Start with row_copy_open(); what is here is only read. */
struct row_copy {
    const struct table *table;
    struct table_writer *writer; /* for the further columns */
    bool as_read;                /* the output's format is the input's: rows pass as they stand */
};

/* format: TABLE_AUTO is the table's. Ends in row_copy_close(); the out stays open. */
void row_copy_open(struct row_copy *r, const struct table *t, enum table_format format,
                   struct out *out);
void row_copy_close(struct row_copy *r);

/* The names of the table's columns; then come those of the further ones, and table_end_row(). */
void row_copy_header(const struct row_copy *r);

/* The fields of a row: its table_raw(), which need not be the current one's where rows pass as they
 * are read. */
void row_copy_row(const struct row_copy *r, struct span raw);

#endif
