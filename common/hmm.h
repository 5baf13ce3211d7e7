/* Hidden Markov models of packets and their file (weir-formats(5)).
 *
 *     weir-hmm 1
 *     made hmm-train --states=1:40:2
 *     seed 1
 *     iat dir_iat
 *     resolution 1000
 *     emission gaussian
 *     chains 2
 *     chain forward 17 1931 converged 34 -1.25
 *     state START MEAN_LEN MEAN_IAT VAR_LEN COV VAR_IAT
 *     to P1 P2 … P17
 *     state …
 *
 * A chain's line has its direction, states, packets learnt from, exit state, iterations and
 * log-likelihood a packet. After each state comes its row of the transition matrix.
 *
 * A joint model has the one chain `both`; its states begin `state START FORWARD …` with the
 * probability that a packet of the state goes forward. With emission discrete-len a state is
 *
 *     state START
 *     lengths N LEN:P …                  (ascending)
 *     times M WEIGHT MEAN VAR …          (a mixture of Gaussians of log10(1 + iat in us))
 *     to …
 *
 * Given its state, a packet's direction and place in the plane are independent.
 *
 * Chains of the two directions may be coupled. Then, after both, for each
 *
 *     coupling forward N
 *     beside STATE OTHER P1 … Pk
 *
 * with N rows, by state and then by the other direction's: the transitions from that state while
 * the other direction is in that one, in place of those of `to`. */
#ifndef WEIR_HMM_H
#define WEIR_HMM_H

#include "gmm.h"

enum {
    HMM_MAX_STATES = 4096,
    HMM_MAX_TIMES = 256, /* components of a state's mixture of times */
};

enum hmm_emission {
    HMM_GAUSSIAN,
    HMM_DISCRETE_LEN,
};

struct hmm_length {
    uint16_t len;
    double p;
};

struct hmm_time {
    double weight, mean, var;
};

struct hmm_state {
    double start;   /* probability */
    double forward; /* probability; joint chains only */
    struct gauss2 gauss;
    struct hmm_length *lengths; /* discrete-len; ascending */
    size_t n_lengths;
    struct hmm_time *times;
    size_t n_times;
};

/* Numbers of a state and of one of the other direction's chain, from 0. */
struct hmm_beside {
    uint16_t state, other;
};

struct hmm_chain {
    enum series_dir dir;
    size_t k;
    struct hmm_state *states;  /* k; starts sum to 1 */
    double *to;                /* k * k, row by row; each sums to 1 */
    struct hmm_beside *beside; /* coupled chains: ascending by state, then other */
    double *beside_to;         /* n_beside rows of k */
    size_t n_beside;
    uint64_t packets;
    enum em_exit exit;
    uint64_t iterations;
    double log_likelihood; /* nats a packet */
};

struct hmm {
    char *made;
    uint64_t seed;
    char *iat_column;
    uint64_t resolution;
    enum hmm_emission emission;
    struct hmm_chain chains[2];
    size_t n_chains;
};

/* Whether a chain has rows beside those of the other one. */
bool hmm_coupled(const struct hmm *m);

/* The transitions from a state while the other direction is in `other`. */
const double *hmm_row_beside(const struct hmm_chain *c, size_t state, size_t other);

const char *hmm_emission_name(enum hmm_emission x); /* "gaussian", "discrete-len" */

/* The chain of a direction, or NULL. */
const struct hmm_chain *hmm_of(const struct hmm *m, enum series_dir dir);

/* NULL with *e ("FILE:LINE: …") unless it is whole and sound: probabilities sum to 1 within 1e-6,
 * covariances are positive definite, no direction has two chains. Freed with hmm_free(). */
struct hmm *hmm_read(const char *path, struct err *e);
struct hmm *hmm_read_memory(const void *p, size_t n, const char *name, struct err *e);
void hmm_free(struct hmm *m);
void hmm_chain_clear(struct hmm_chain *c); /* frees what it holds, but not itself */
void hmm_write(const struct hmm *m, struct out *o);

/* A walk through a chain, drawing packets; small, so that each of many flows can have its own.
 * Freed with hmm_walk_free(); the hmm must outlive it. */
struct hmm_walk;
struct hmm_walk *hmm_walk_new(const struct hmm *m, const struct hmm_chain *c);
void hmm_walk_free(struct hmm_walk *w);

/* Each of two walks, through both chains of a model, looks at the state of the other one as its
 * chain is coupled; both must live as long as either draws. Without this, rows beside are not
 * looked at. */
void hmm_walk_couple(struct hmm_walk *a, struct hmm_walk *b);

struct drawn {
    enum series_dir dir;
    uint16_t len;
    uint64_t iat; /* ns, a multiple of the resolution */
    size_t state;
};

/* Begins anew from the start probabilities. */
void hmm_walk_start(struct hmm_walk *w);
struct drawn hmm_walk_next(struct hmm_walk *w, struct rng *r);

#endif
