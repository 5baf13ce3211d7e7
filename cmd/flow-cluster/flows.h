/* The table of unknown flows. */
#ifndef FLOW_CLUSTER_FLOWS_H
#define FLOW_CLUSTER_FLOWS_H

#include "err.h"
#include "hints.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>

struct flows {
    struct table *table; /* at its end; table_rewind() can go back */
    size_t n;            /* rows */
    size_t width;        /* numbers of an embedding */
    double *embeddings;  /* n rows of width */
    struct hints *hints; /* what the rows say of their names */
};

/* path NULL: standard input. False with *e: no embedding, no row, no number. Ends in flows_free(),
 * after a failure too. */
bool flows_read(struct flows *f, const char *path, struct err *e);
void flows_free(struct flows *f);

#endif
