/* Rows of many numbers on the few axes along which they differ most. */
#ifndef FLOW_CLUSTER_AXES_H
#define FLOW_CLUSTER_AXES_H

#include <stddef.h>

struct axes_share {
    size_t dims;  /* axes, at least 1 */
    double share; /* of the variance, that they keep */
};

/* Principal components: n >= 1 rows of `width` numbers, which are changed (their mean is taken
 * away), become rows of dims numbers in *to (freed by the caller): as few axes as keep the share
 * `keep` of the variance, `most` at most, in units of the standard deviation along the first. */
struct axes_share axes_project(double *rows, size_t n, size_t width, double keep, size_t most,
                               double **to);

#endif
