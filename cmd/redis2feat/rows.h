/* What comes out of Redis as rows of a table on standard output: the header first, then each row as
 * it went in. Knows rows that come twice, and counts those that never came. */
#ifndef REDIS2FEAT_ROWS_H
#define REDIS2FEAT_ROWS_H

#include "table.h"

struct rows;

/* format: TABLE_AUTO writes rows as they went in. Freed with rows_free(). */
struct rows *rows_new(enum table_format format);
void rows_free(struct rows *r);

/* The columns by a header line, as feat2redis keeps it. False with *e where it is none, or where
 * rows with other columns have been written already. */
bool rows_set_header(struct rows *r, struct span header, struct err *e);

/* The columns by their names, where no header line is there or it is another run's. */
bool rows_set_names(struct rows *r, const struct span *names, size_t n, struct err *e);

/* 0 before the columns are known. */
size_t rows_width(const struct rows *r);

/* How often they have become others, which they do until the first row is written: values that were
 * fetched before are not theirs. */
unsigned rows_changes(const struct rows *r);
struct span rows_name(const struct rows *r, size_t column);

struct row {
    const struct span *values; /* rows_width() of them */
    struct span run, number;   /* p NULL: there is none, of these three */
    struct span raw;
    bool again; /* Redis gives it once more: no sign that it was sent twice */
};

/* Writes a row, unless its run's rows have come past it already. False with *e where it
 * contradicts itself; `where` names it. */
bool rows_put(struct rows *r, const struct row *row, const char *where, struct err *e);

/* A row is known to be lost: it will not be counted once more as one that did not come. */
void rows_gone(struct rows *r);

/* Passes what was written on. False with *e. */
bool rows_flush(struct rows *r, struct err *e);

/* Writes the header if it is known and has not been, and closes standard output. False with *e. */
bool rows_close(struct rows *r, struct err *e);

struct rows_counts {
    uint64_t written, twice, again, missing, gone;
};
const struct rows_counts *rows_counts(const struct rows *r);

#endif
