/* Gaussians in a space of some dimensions as components of a mixture (em.h). */
#ifndef FLOW_CLUSTER_CLOUD_H
#define FLOW_CLUSTER_CLOUD_H

#include "em.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Points: n rows of `dims` numbers, around 0; and whether components are round (one variance in all
 * directions) or have full covariances. */
struct cloud {
    const double *rows;
    size_t n, dims;
    bool round;
};

/* The points, which must stay, with such components. A point is a point, even where others are
 * equal. */
struct em_data cloud_data(const struct cloud *c);

/* The likeliest component of each point (the first of equals), weights counted. */
void cloud_assign(const struct cloud *c, const struct em_mixture *x, uint32_t *component);

/* The squared Mahalanobis distance of a point from component i. */
double cloud_distance(const struct cloud *c, const struct em_mixture *x, size_t i, size_t point);

#endif
