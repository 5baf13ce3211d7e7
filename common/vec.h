/* Arithmetic on arrays of doubles, a vector at a time. Every n is a multiple of VEC_LANES, and
 * every order of additions is fixed: the same bits on every machine, whatever its vectors (no
 * fused multiply-add either). */
#ifndef WEIR_VEC_H
#define WEIR_VEC_H

#include <stddef.h>

enum { VEC_LANES = 8 };

/* n rounded up to a multiple of VEC_LANES. */
size_t vec_stride(size_t n);

/* exp() of n doubles in <= 0 or -infinity, in place, within 2 ulp; below -708, where results
 * stop being normal numbers, they are 0. */
void vec_exp(double *x, size_t n);

/* The greatest (-infinity for n = 0); no NaN among them. */
double vec_max(const double *x, size_t n);
double vec_sum(const double *x, size_t n);

/* x[i] *= by. */
void vec_scale(double *x, size_t n, double by);

/* Turns log weights into weights that sum to 1, and gives the logarithm of their sum: the
 * log-sum-exp. At least one is finite, none is NaN or +infinity. */
double vec_normalise_log(double *x, size_t n);

#endif
