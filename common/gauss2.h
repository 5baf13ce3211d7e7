/* Gaussians in the plane of series_point(): density, estimation, drawing. */
#ifndef WEIR_GAUSS2_H
#define WEIR_GAUSS2_H

#include "blur.h"
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

/* k Gaussians ready for densities, laid out for vectors. Points are observed through a blur: an
 * error of length and of time, taken to be Gaussian with mean 0 and independent of all, whose
 * variances are those of *b, and no part of the Gaussians. What is asked of a point is its density
 * with the error, and where the true point is to be expected. Freed with gauss2_set_free(). */
struct gauss2_set;
struct gauss2_set *gauss2_set_new(const struct gauss2 *g, size_t k, const struct blurs *b);
void gauss2_set_free(struct gauss2_set *s);

/* Lets other Gaussians take the place of the set's; k stays. */
void gauss2_set_change(struct gauss2_set *s, const struct gauss2 *g);

/* Adds the logarithms of k weights (>= 0) to the log densities, in a mixture. */
void gauss2_set_weigh(struct gauss2_set *s, const double *weights);

/* Log densities (natural) of one point under each of the k: log_density has room for
 * gauss2_stride(k) doubles, those past k come out as -infinity. */
size_t gauss2_stride(size_t k); /* k rounded up to a multiple of 8: vec_stride(k) */
/* `blur` is the place of the point's time's in b->iat. */
void gauss2_log_densities(const struct gauss2_set *s, struct point p, size_t blur,
                          double *log_density);

/* What is behind a point as it was observed, if it came from each of the k: the expected true
 * point's distance from the mean, and the covariance of the true point about that, which the set
 * keeps. len and iat have room for gauss2_stride(k) doubles. For the M step of EM (Bovy, Hogg and
 * Roweis, "Extreme deconvolution", Annals of Applied Statistics 5, 2011). */
struct gauss2_behind {
    double *len, *iat;
    const double *var_len, *cov, *var_iat;
};
void gauss2_look_behind(const struct gauss2_set *s, struct point p, size_t blur,
                        struct gauss2_behind *b);

/* Sums of k Gaussians at a time, all relative to one origin. Freed with gauss2_tally_free(). */
struct gauss2_tally;
struct gauss2_tally *gauss2_tally_new(size_t k, struct point origin);
void gauss2_tally_free(struct gauss2_tally *t);

/* Back to 0. */
void gauss2_tally_clear(struct gauss2_tally *t);

/* Adds what is behind a point under each Gaussian of the set, which has k, with weight times
 * weights[i] to sums i; weights has gauss2_stride(k) doubles. */
void gauss2_tally_add(struct gauss2_tally *t, const struct gauss2_set *s, struct point p,
                      size_t blur, double weight, const double *weights);

/* Adds the sums of another with the same k and origin. */
void gauss2_tally_merge(struct gauss2_tally *t, const struct gauss2_tally *other);
struct gauss2_sums gauss2_tally_of(const struct gauss2_tally *t, size_t i);

struct point gauss2_draw(const struct gauss2 *g, struct rng *r);

/* A standard normal (Box and Muller, Marsaglia's polar form; one of each pair is dropped, so that a
 * draw has no memory). */
double normal_draw(struct rng *r);

#endif
