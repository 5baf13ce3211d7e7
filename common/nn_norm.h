/* Weight normalisation (Salimans and Kingma, 2016): a unit's weights are a direction v and a length
 * g, w = g v / |v|. The parameters are those of a causal layer: v, g, bias. */
#ifndef WEIR_NN_NORM_H
#define WEIR_NN_NORM_H

#include "nn_plan.h"

/* w: as many as the layer's weights. */
void nn_norm_forward(const struct nn_layer *l, const float *params, float *w);

/* From the gradient of w to those of v and g in grads, laid out as the parameters are. */
void nn_norm_backward(const struct nn_layer *l, const float *params, const float *w_grad,
                      float *grads);

#endif
