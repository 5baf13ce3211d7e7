/* A series of symbols: a column of a table, in sequences. */
#ifndef WEIR_SYMBOLS_H
#define WEIR_SYMBOLS_H

#include "err.h"
#include "intern.h"
#include "table.h"

#include <stdint.h>

/* Symbols in order of sequence (by first appearance) and, within it, of the table. */
struct symbols {
    enum table_format format; /* of the table */
    struct intern *names;
    size_t n;             /* at most CHAIN_MAX_TOTAL */
    uint32_t *symbol;     /* n numbers of `names` */
    struct intern *flows; /* values of the column flow; NULL: there is none, and one sequence */
    size_t n_sequences;
    size_t *first;  /* sequence f is [first[f], first[f + 1]) */
    uint64_t empty; /* rows left out: the column is empty there */
};

/* Reads a table whole (path NULL or "-": standard input): 4 bytes a symbol, 4 more where there are
 * many sequences, and as many again while it sorts them. NULL with *e; no symbols at all are an
 * error. Freed with symbols_free(). */
struct symbols *symbols_read(const char *path, const char *column, struct err *e);
void symbols_free(struct symbols *s);

#endif
