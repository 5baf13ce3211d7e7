/* The rows with their clusters, and what there is to say of these. */
#ifndef FLOW_CLUSTER_WRITE_H
#define FLOW_CLUSTER_WRITE_H

#include "err.h"
#include "find.h"
#include "flows.h"
#include "options.h"
#include "out.h"
#include "textbuf.h"

#include <stdbool.h>

/* Writes the rows as they are with two more columns, the number of the cluster (from 1 on) and its
 * name, and puts into *summary a table to read: of each cluster number, rows, share and name, and
 * its typical rows. False with *e. */
bool write_rows(const struct flows *f, const struct found *found, char *const *names,
                const struct options *o, struct out *out, struct textbuf *summary, struct err *e);

#endif
