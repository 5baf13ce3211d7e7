/* Eigenvalues and eigenvectors of a symmetric matrix. */
#ifndef FLOW_CLUSTER_EIGEN_H
#define FLOW_CLUSTER_EIGEN_H

#include <stddef.h>

/* By Jacobi's rotations (Golub and Van Loan, "Matrix computations", 8.5). a: n x n, symmetric; what
 * it holds afterwards is of no use. values: n, the greatest first; vectors: row i is that of value
 * i, of length 1, its greatest number (the first of equals) above 0. Time grows with n^3. */
void eigen_symmetric(double *a, size_t n, double *values, double *vectors);

#endif
