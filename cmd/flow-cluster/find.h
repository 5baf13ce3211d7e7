/* The clusters that flows fall into. */
#ifndef FLOW_CLUSTER_FIND_H
#define FLOW_CLUSTER_FIND_H

#include "axes.h"
#include "err.h"
#include "flows.h"
#include "options.h"
#include "pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_TYPICAL = 3 };

struct cluster {
    size_t rows;
    size_t typical[MOST_TYPICAL]; /* the rows nearest to its mean, the nearest first */
    size_t n_typical;
};

struct found {
    struct axes_share axes;
    struct cluster *all; /* the one of most rows first */
    size_t n;
    uint32_t *cluster; /* of each row */
};

/* A mixture of Gaussians on the principal components, of the number and shape of components that
 * BIC chooses; a flow is in the cluster of its likeliest component. Changes f->embeddings. False
 * with *e. Freed with found_free(). */
bool find_clusters(struct flows *f, const struct options *o, struct pool *pool, struct found *to,
                   struct err *e);
void found_free(struct found *f);

#endif
