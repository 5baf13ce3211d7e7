/* Rows that are appended to a table: those of unknown flows, with what the last hidden layer says
 * of them. */
#ifndef WEIR_CNN_EVAL_COLLECT_H
#define WEIR_CNN_EVAL_COLLECT_H

#include "err.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct collect;

/* Opens the file, which is made where there is none; one that is there must have the columns of t
 * and emb_1 to emb_`hidden`, in the same format. NULL with *e. */
struct collect *collect_open(const char *path, const struct table *t, size_t hidden, struct err *e);

/* A row as it stood in t; it is written with the next collect_flush(). */
void collect_row(struct collect *c, struct span raw, const float *hidden);

/* Rows taken so far. */
uint64_t collect_rows(const struct collect *c);

/* Passes the rows on to the system. False with *e. */
bool collect_flush(struct collect *c, struct err *e);

/* Flushes, closes, frees. False with *e. NULL is allowed. */
bool collect_close(struct collect *c, struct err *e);

#endif
