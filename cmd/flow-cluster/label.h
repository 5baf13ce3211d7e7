/* The names of clusters. */
#ifndef FLOW_CLUSTER_LABEL_H
#define FLOW_CLUSTER_LABEL_H

#include "err.h"
#include "find.h"
#include "flows.h"
#include "options.h"

/* A name for each cluster: the one that was given, or else what its rows say (hints.h), with the
 * cluster's number behind it where a cluster before has that name. NULL with *e where a name was
 * given to a cluster that there is not. Freed with label_free(). */
char **label_clusters(const struct found *found, const struct flows *f, const struct options *o,
                      struct err *e);
void label_free(char **names, size_t n);

#endif
