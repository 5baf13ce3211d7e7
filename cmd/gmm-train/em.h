/* Expectation maximisation of a mixture. */
#ifndef GMM_TRAIN_EM_H
#define GMM_TRAIN_EM_H

#include "gmm.h"
#include "pool.h"
#include "sample.h"

#include <stdbool.h>

struct em_options {
    uint64_t max_iterations;
    double tolerance; /* nats a packet: a step that gains less is the last */
    double floor;     /* least eigenvalue of covariances */
};

/* A step of EM that lowered the likelihood by more than rounding can, which can't be: an error of
 * the program. */
struct em_fall {
    uint64_t iteration; /* 0: there was none */
    double from, to;    /* nats a packet */
};

/* Betters the mixture until it converges; sets its log_likelihood and exit (EM_CONVERGED or
 * EM_MAX_ITERATIONS) and adds to its iterations, which count towards the most there may be.
 * Components that have lost all their packets are dropped.
 *
 * Where components press against the floor, the way from a start forks easily. So it is gone twice,
 * with eigenvalues below the floor raised to it, and with the floor added to all variances first;
 * the better end counts.
 *
 * The points are dealt to the pool in parts, whose sums are added in order: the same bits for any
 * number of threads. False with *fall. */
bool em_fit(const struct sample *s, const struct em_options *o, struct pool *pool,
            struct gmm_mixture *x, struct em_fall *fall);

/* Nats a packet of any sample under a mixture. */
double em_log_likelihood(const struct sample *s, const struct gmm_mixture *x);

#endif
