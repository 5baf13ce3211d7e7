/* What the states of a chain emit: packets. Each state has a Gaussian of the plane, or a
 * distribution of lengths and, apart from it, a mixture of Gaussians of times; in a joint chain the
 * probability of going forward, too. Densities of a packet under all states, and the maximisation
 * step of EM.
 *
 * Vectors over states are emission_stride() long; what stands past the last state is -infinity in
 * log densities and must be 0 in weights. */
#ifndef WEIR_EMISSION_H
#define WEIR_EMISSION_H

#include "hmm.h"
#include "observed.h"

struct emission;

struct emission_kind {
    enum hmm_emission emission;
    bool joint;
    size_t times; /* components of each state's mixture of times; discrete-len only */
    double floor; /* least variance */
};

/* Room for k states; what they are comes through emission_set(), all k of them, and
 * emission_prepare(). The observed packets must stay. Freed with emission_free(). */
struct emission *emission_new(const struct emission_kind *kind, const struct observed *o, size_t k);
void emission_free(struct emission *em);
size_t emission_stride(const struct emission *em);

/* The most components that a state of the model has in its mixture of times; 1 where none has any.
 */
size_t emission_times_of(const struct hmm *m);

/* A state from a model (raised to the floor) and back; the start and row of hmm_state are not
 * touched. Lists in hmm_state are freed by the caller. */
void emission_set(struct emission *em, size_t state, const struct hmm_state *from);
void emission_get(const struct emission *em, size_t state, struct hmm_state *to);

/* After the last emission_set(). */
void emission_prepare(struct emission *em);

/* Gives every state of a discrete-len chain a little of the lengths that none of them has, which EM
 * would never come to otherwise, and prepares. */
void emission_open_up(struct emission *em);

void emission_log_densities(const struct emission *em, const struct packet *p, double *log_density);

/* Sums for the maximisation: emission_begin(), emission_add() with each packet's weights, then
 * emission_maximise(), which leaves states of no weight as they were and prepares. */
void emission_begin(struct emission *em);
void emission_add(struct emission *em, const struct packet *p, const double *weights);
void emission_maximise(struct emission *em);

/* Free parameters, for BIC and AIC: see hmm-train(1). */
double emission_parameters(const struct emission *em);

/* A state whose weight is not more than this takes no part in a maximisation. */
#define EMISSION_NO_WEIGHT 1e-12

/* A probability that is no more than this is none, where parameters are counted. */
#define EMISSION_THERE 1e-6

/* Each state of a discrete-len chain gives this much to all lengths alike, so that none is
 * impossible. */
#define EMISSION_ANY_LENGTH 1e-6

#endif
