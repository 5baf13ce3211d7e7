/* Adam (Kingma and Ba, 2015), as PyTorch has it, with the gradient's norm clipped and a rate that
 * falls when the loss stays where it is. */
#ifndef WEIR_NN_ADAM_H
#define WEIR_NN_ADAM_H

#include <stdbool.h>
#include <stddef.h>

struct nn_adam;

/* decay: of the weights, added to the gradient. Freed with nn_adam_free(). */
struct nn_adam *nn_adam_new(size_t n_params, double rate, double decay);
void nn_adam_free(struct nn_adam *a);

/* One step against the gradient. */
void nn_adam_step(struct nn_adam *a, float *params, const float *grads);

double nn_adam_rate(const struct nn_adam *a);
void nn_adam_set_rate(struct nn_adam *a, double rate);

/* Scales the gradients, and then down to a norm of `most` where it is above. Returns the norm
 * before the latter. */
double nn_clip(float *grads, size_t n, double scale, double most);

/* sum += x. */
void nn_add(float *sum, const float *x, size_t n);

/* After `patience` epochs in a row that were no better than the best by its 10,000th part, the rate
 * falls by `factor`. */
struct nn_plateau {
    double factor;
    unsigned patience;
    double best; /* begins as infinity */
    unsigned bad;
};

/* The rate for the next epoch. */
double nn_plateau_rate(struct nn_plateau *p, double rate, double loss);

#endif
