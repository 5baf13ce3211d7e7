/* Twins: rows of the test table whose features stand in the train table too. Counted by hash (128
 * bits), with memory for a part of the rows at a time: the rest waits in temporary files. */
#ifndef FEATSPLIT_TWINS_H
#define FEATSPLIT_TWINS_H

#include "err.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct twins;

/* columns: those of the features. Freed with twins_free(). */
struct twins *twins_new(const size_t *columns, size_t n);
void twins_free(struct twins *w);

/* Takes in the table's row. False with *e when a temporary file fails. */
bool twins_add(struct twins *w, const struct table *t, uint32_t class, bool in_test, struct err *e);

struct twin_counts {
    uint64_t rows;        /* of test, that have a twin in train */
    uint64_t other_class; /* of these, those with a twin of another class */
};

/* After the last row. */
bool twins_count(struct twins *w, struct twin_counts *counts, struct err *e);

#endif
