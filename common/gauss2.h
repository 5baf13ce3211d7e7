/* Gaussians in the plane of series_point(): density, estimation, drawing. */
#ifndef WEIR_GAUSS2_H
#define WEIR_GAUSS2_H

#include "rng.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>

/* The least variance in any direction (eigenvalue of a covariance), for mixtures and HMMs alike:
 * sd 1e-4 is a seventh of a byte, so lengths drawn from a component on one length come back to it,
 * and 0.02 % of a time. */
#define GAUSS2_FLOOR 1e-8

struct gauss2 {
    struct point mean;
    double var_len, cov, var_iat; /* the covariance matrix; positive definite */
};

/* Weighted sums over points, relative to `origin` (a point near the data, so that nothing cancels):
 * what the M step and k-means need. */
struct gauss2_sums {
    double w, len, iat, len_len, len_iat, iat_iat;
};

/* The maximum-likelihood Gaussian of the sums under the constraint that both eigenvalues of the
 * covariance are at least `floor`: eigenvalues below are raised to it, which keeps EM monotone
 * (adding to the diagonal would not). sums->w > 0. */
struct gauss2 gauss2_fit(const struct gauss2_sums *sums, struct point origin, double floor);

/* Whether it is a Gaussian at all: finite, and positive definite. For models from files. */
bool gauss2_valid(const struct gauss2 *g);

/* k Gaussians ready for densities, laid out for vectors. Freed with gauss2_set_free(). */
struct gauss2_set;
struct gauss2_set *gauss2_set_new(const struct gauss2 *g, size_t k);
void gauss2_set_free(struct gauss2_set *s);

/* Log densities (natural) of one point under each of the k: log_density has room for
 * gauss2_stride(k) doubles, those past k come out as -infinity. */
size_t gauss2_stride(size_t k); /* k rounded up to a multiple of 8 */
void gauss2_log_densities(const struct gauss2_set *s, struct point p, double *log_density);

/* exp() of n doubles (n a multiple of 8, in <= 0 or -infinity), in place, within 2 ulp; the same
 * bits on every machine, whatever its vectors. */
void vec_exp(double *x, size_t n);

struct point gauss2_draw(const struct gauss2 *g, struct rng *r);

/* A standard normal (Box and Muller, Marsaglia's polar form; one of each pair is dropped, so that a
 * draw has no memory). */
double normal_draw(struct rng *r);

#endif
