/* A hidden Markov chain while it is fitted or asked: parameters laid out for the kernels. */
#ifndef WEIR_PARAMS_H
#define WEIR_PARAMS_H

#include "emission.h"

struct params {
    size_t k, kp;
    double *start; /* kp */
    double *to;    /* k rows of kp */
    struct emission *emission;
};

/* The parameters of a model's chain, for these packets. Freed with params_free(). */
struct params *params_new(const struct emission_kind *kind, const struct observed *o,
                          const struct hmm_chain *from);
void params_free(struct params *p);

/* The way back: k, states and to of a chain, which hmm_free() frees. */
void params_get(const struct params *p, struct hmm_chain *to);

/* Free parameters: see hmm-train(1). */
double params_count(const struct params *p);

#endif
