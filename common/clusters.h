/* k-means: rows of numbers fall into clusters. */
#ifndef WEIR_CLUSTERS_H
#define WEIR_CLUSTERS_H

#include "rng.h"

#include <stddef.h>
#include <stdint.h>

/* n >= 1 rows of dims numbers, k >= 1. Sets cluster[row] and returns how many clusters there are:
 * k, or the number of distinct rows if that is less. No cluster is empty. */
size_t clusters_find(const double *rows, size_t n, size_t dims, size_t k, struct rng *r,
                     uint32_t *cluster);

#endif
