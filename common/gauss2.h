/* Gaussians in the plane of series_point(): density, estimation, drawing. */
#ifndef WEIR_GAUSS2_H
#define WEIR_GAUSS2_H

#include "rng.h"
#include "series.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>

/* The least variance in any direction (eigenvalue of a covariance), for mixtures and HMMs alike:
 * sd 3.2e-5 is a twentieth of a byte, so lengths drawn from a component on one length come back to
 * it (half a byte is 10 sd away), and 0.007 % of a time. */
#define GAUSS2_FLOOR 1e-9

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

/* Lets other Gaussians take the place of the set's; k stays. */
void gauss2_set_change(struct gauss2_set *s, const struct gauss2 *g);

/* Adds the logarithms of k weights (>= 0) to the log densities, in a mixture. */
void gauss2_set_weigh(struct gauss2_set *s, const double *weights);

/* Log densities (natural) of one point under each of the k: log_density has room for
 * gauss2_stride(k) doubles, those past k come out as -infinity. */
size_t gauss2_stride(size_t k); /* k rounded up to a multiple of 8: vec_stride(k) */
void gauss2_log_densities(const struct gauss2_set *s, struct point p, double *log_density);

/* Sums of k Gaussians at a time, all relative to one origin. Freed with gauss2_tally_free(). */
struct gauss2_tally;
struct gauss2_tally *gauss2_tally_new(size_t k, struct point origin);
void gauss2_tally_free(struct gauss2_tally *t);

/* Back to 0. */
void gauss2_tally_clear(struct gauss2_tally *t);

/* Adds a point with weight times weights[i] to sums i; weights has gauss2_stride(k) doubles. */
void gauss2_tally_add(struct gauss2_tally *t, struct point p, double weight, const double *weights);

/* Adds the sums of another with the same k and origin. */
void gauss2_tally_merge(struct gauss2_tally *t, const struct gauss2_tally *other);
struct gauss2_sums gauss2_tally_of(const struct gauss2_tally *t, size_t i);

struct point gauss2_draw(const struct gauss2 *g, struct rng *r);

/* A standard normal (Box and Muller, Marsaglia's polar form; one of each pair is dropped, so that a
 * draw has no memory). */
double normal_draw(struct rng *r);

#endif
