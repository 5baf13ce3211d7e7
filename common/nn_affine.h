/* What convolutions and dense layers have in common: inputs times weights plus bias, where oneDNN
 * may want the weights in a layout of its own. */
#ifndef WEIR_NN_AFFINE_H
#define WEIR_NN_AFFINE_H

#include "nn_op.h"

struct nn_affine;

/* The three operations of the layer, described with weights in any layout. */
struct nn_affine_descs {
    const_dnnl_op_desc_t forward, backward_weights, backward_data;
    dnnl_memory_desc_t x, y, bias, weights; /* weights: as the parameters have them */
};

/* The wires' batch is of n rows as the descs say. params, grads: weights, then bias. Backward
 * operations only where there are gradients. Freed with nn_affine_free(). */
struct nn_affine *nn_affine_new(struct nn_dnnl *d, const struct nn_affine_descs *descs,
                                const struct nn_wires *w, const float *weights, float *weights_grad,
                                const float *bias, float *bias_grad);
void nn_affine_free(struct nn_affine *a); /* NULL is allowed */

void nn_affine_forward(struct nn_affine *a, bool fresh);
void nn_affine_backward(struct nn_affine *a);

#endif
