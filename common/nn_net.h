/* A neural network at work on batches of one size: a plan's layers, one after the other. */
#ifndef WEIR_NN_NET_H
#define WEIR_NN_NET_H

#include "nn_plan.h"

#include <stdbool.h>

struct nn_net;

/* learns: it has gradients. params: the plan's, which must stay, as the plan must; several networks
 * may share them. NULL with *e where oneDNN can't make it. Freed with nn_net_free(). */
struct nn_net *nn_net_new(const struct nn_plan *p, size_t batch, const float *params, bool learns,
                          struct err *e);
void nn_net_free(struct nn_net *n);

/* To be filled: batch samples of the plan's shape, and batch times its further numbers. */
float *nn_net_input(const struct nn_net *n);
float *nn_net_extra(const struct nn_net *n);

/* The parameters have changed. */
void nn_net_refresh(struct nn_net *n);

/* From the input to the output; drop: where dropout draws from, NULL: nothing is dropped. False
 * with *e. One thread runs it at a time, whichever. */
bool nn_net_forward(struct nn_net *n, struct rng *drop, struct err *e);

/* The output, batch x plan's out; and what came out of a layer. */
const float *nn_net_output(const struct nn_net *n);
const float *nn_net_after(const struct nn_net *n, size_t layer);

/* To be filled: the gradient of the loss by the output. nn_net_backward() then sets the gradients
 * by the parameters, n_params of them. After nn_net_forward() of the same input. */
float *nn_net_output_grad(const struct nn_net *n);
bool nn_net_backward(struct nn_net *n, struct err *e);
const float *nn_net_grads(const struct nn_net *n);

#endif
