/* Gauss-Legendre quadrature on [0, 1]: n points integrate polynomials up to degree 2n - 1 exactly.
 */
#ifndef WEIR_DT_EVAL_GAUSS_H
#define WEIR_DT_EVAL_GAUSS_H

#include <stddef.h>

struct gauss_point {
    double at, weight;
};

/* Fills points[n]; n > 0. */
void gauss_legendre(struct gauss_point *points, size_t n);

#endif
