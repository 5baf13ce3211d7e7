/* Expectation maximisation of mixtures, whatever their components are. */
#ifndef WEIR_EM_H
#define WEIR_EM_H

#include "em_exit.h"
#include "pool.h"
#include "rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Components are all of one kind and one size, and are copied as bytes. */
struct em_mixture {
    size_t k;
    double *weights;  /* k, sum 1 */
    void *components; /* k of them, one after another */
    enum em_exit exit;
    uint64_t iterations;
    double log_likelihood; /* nats a point */
};

/* Frees what is in it, and leaves it zeroed. */
void em_mixture_clear(struct em_mixture *x);

/* How covariances are kept from collapsing. Raising eigenvalues to the floor maximises the
 * likelihood under that constraint: no step lowers it. Adding the floor to the variances does
 * nearly that. */
enum em_guard {
    EM_RAISE,
    EM_ADD,
};

/* What EM asks of a kind of components. `points` is what they are fitted to; a set is components
 * ready for densities; a tally is the sums that each component is fitted to. */
struct em_kind {
    void *(*set_new)(const void *points, const void *components, size_t k);
    void (*set_free)(void *set);

    /* Lets other components, with their weights, take the place of the set's; k stays. */
    void (*set_change)(void *set, const void *components, const double *weights);

    void *(*tally_new)(const void *points, size_t k);
    void (*tally_free)(void *tally);
    void (*tally_clear)(void *tally); /* back to 0 */

    /* Adds the sums of another one with the same k. */
    void (*tally_merge)(void *tally, const void *other);

    /* What the points of component i count. */
    double (*tally_weight)(const void *tally, size_t i);

    /* The log-likelihood of points [first, end) under the set's k components, whose sums go into
     * the tally (NULL: nowhere). r has room for vec_stride(k). */
    double (*expect)(const void *points, size_t first, size_t end, const void *set, void *tally,
                     size_t k, double *r);

    /* The component that is likeliest by the tally's sums i, which count more than 0. */
    void (*fit)(const void *points, const void *tally, size_t i, double floor, enum em_guard guard,
                void *component);

    /* Whether its least eigenvalue is about the floor; and about how many times the least the
     * greatest is. */
    bool (*is_pressed)(const void *points, const void *component, double floor);
    double (*condition)(const void *points, const void *component, double floor);

    /* Where EM begins: sets x->k (k, or fewer where there are fewer distinct points), x->weights
     * and x->components. `number` tells apart starts of one k. */
    void (*start)(const void *points, size_t k, double floor, uint64_t number, struct rng *rng,
                  struct em_mixture *x);
};

/* Points, and the kind of components that are fitted to them. */
struct em_data {
    const struct em_kind *kind;
    const void *points;
    size_t n;              /* points, each distinct or not */
    double weight;         /* what they count together: > 0 */
    size_t component_size; /* bytes */
    double parameters;     /* of a component, its weight included */
};

struct em_options {
    uint64_t max_iterations;
    double tolerance; /* nats a point: a step that gains less is the last */
    double floor;     /* least eigenvalue of covariances */
};

/* A step of EM that lowered the likelihood by more than rounding can, which can't be: an error of
 * the program. */
struct em_fall {
    uint64_t iteration; /* 0: there was none */
    double from, to;    /* nats a point */
};

/* Betters the mixture until it converges; sets its log_likelihood and exit (EM_CONVERGED or
 * EM_MAX_ITERATIONS) and adds to its iterations, which count towards the most there may be.
 * Components that have lost all their points are dropped.
 *
 * Where components press against the floor, the way from a start forks easily. So it is gone twice,
 * with eigenvalues below the floor raised to it, and with the floor added to all variances first;
 * the better end counts.
 *
 * The points are dealt to the pool in parts, whose sums are added in order: the same bits for any
 * number of threads. False with *fall. */
bool em_fit(const struct em_data *data, const struct em_options *o, struct pool *pool,
            struct em_mixture *x, struct em_fall *fall);

/* Nats a point of any data of that kind under a mixture. */
double em_log_likelihood(const struct em_data *data, const struct em_mixture *x);

/* The Bayesian and the Akaike information criterion of a mixture fitted to data, whose
 * log_likelihood is set: the lower the better. */
double em_bic(const struct em_data *data, const struct em_mixture *x);
double em_aic(const struct em_data *data, const struct em_mixture *x);

#endif
