/* Dense layers, by oneDNN: every step of every sample is a row. */
#include "mem.h"
#include "nn_affine.h"

#include <stdlib.h>

struct dense {
    struct nn_op op;
    struct nn_affine *affine;
};

static void forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    (void)drop;
    nn_affine_forward(((struct dense *)op)->affine, fresh);
}

static void backward(struct nn_op *op)
{
    nn_affine_backward(((struct dense *)op)->affine);
}

static void free_dense(struct nn_op *op)
{
    struct dense *const dense = (struct dense *)op;

    nn_affine_free(dense->affine);
    free(dense);
}

static const struct nn_op_calls calls = {forward, backward, free_dense};

struct nn_op *nn_dense_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    struct dense *const dense = mem_zero(1, sizeof *dense);
    const size_t n_weights = nn_layer_parts(l).weights;
    const dnnl_dim_t rows = (dnnl_dim_t)(w->batch * l->in.steps), in = (dnnl_dim_t)l->in.channels,
                     out = (dnnl_dim_t)l->out.channels;
    const dnnl_dims_t x = {rows, in}, y = {rows, out}, weights = {out, in}, bias = {out};
    const dnnl_memory_desc_t any = nn_shape_desc(d, 2, weights, dnnl_format_tag_any);
    struct nn_affine_descs s = {.x = nn_shape_desc(d, 2, x, dnnl_ab),
                                .y = nn_shape_desc(d, 2, y, dnnl_ab),
                                .weights = nn_shape_desc(d, 2, weights, dnnl_ab),
                                .bias = nn_shape_desc(d, 1, bias, dnnl_a)};
    dnnl_inner_product_desc_t f, bw, bd;

    nn_op_init(&dense->op, &calls, d, l, w);
    (void)NN_DNNL(d, dnnl_inner_product_forward_desc_init(
                         &f, w->dy ? dnnl_forward_training : dnnl_forward_inference, &s.x, &any,
                         &s.bias, &s.y));
    (void)NN_DNNL(d, dnnl_inner_product_backward_weights_desc_init(&bw, &s.x, &any, &s.bias, &s.y));
    (void)NN_DNNL(d, dnnl_inner_product_backward_data_desc_init(&bd, &s.x, &any, &s.y));
    s.forward = &f;
    s.backward_weights = &bw;
    s.backward_data = &bd;
    dense->affine = nn_affine_new(d, &s, w, w->params, w->grads, w->params + n_weights,
                                  w->grads ? w->grads + n_weights : NULL);
    return &dense->op;
}
