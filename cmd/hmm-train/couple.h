/* Couples the chains of both directions: what each does next comes to depend on the state that the
 * other is in, too. */
#ifndef WEIR_COUPLE_H
#define WEIR_COUPLE_H

#include "fit.h"

struct couple_options {
    double weight; /* > 0: a row of transitions begins as if so many had been seen by the chain's
                      own row */
    bool exact;    /* as for observed_new() */
    bool progress;
    struct fit_options fit;
};

struct couple_result {
    double before, log_likelihood; /* nats, of all packets: of the chains apart, and coupled */
    enum em_exit exit;
    uint64_t iterations;
};

/* Learns the rows beside of the model's two chains, whose states and own rows stay, from the series
 * that they were learnt from: EM for the most likely rows after a Dirichlet prior of that weight
 * around the chains' own (Gauvain and Lee, "Maximum a posteriori estimation for multivariate
 * Gaussian mixture observations of Markov chains", 1994). Rows that are no other than the chain's
 * own stay out. False with *e where there are too many pairs of states, or the posterior fell,
 * which can't be. */
bool couple(struct hmm *m, const struct emission_kind *kind, const struct series *s,
            const struct couple_options *o, struct couple_result *result, struct err *e);

#endif
