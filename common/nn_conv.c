/* Convolutions over the steps, by oneDNN; causal ones have their weights normalised. */
#include "mem.h"
#include "nn_affine.h"
#include "nn_norm.h"

#include <stdlib.h>

struct conv {
    struct nn_op op;
    struct nn_affine *affine;
    struct nn_parts parts;
    float *weights, *weights_grad; /* of a causal one: the normalised weights, and their gradient */
};

static void forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    struct conv *const c = (struct conv *)op;

    (void)drop;
    if (fresh && c->weights)
        nn_norm_forward(&op->layer, op->wires.params, c->weights);
    nn_affine_forward(c->affine, fresh);
}

static void backward(struct nn_op *op)
{
    struct conv *const c = (struct conv *)op;

    nn_affine_backward(c->affine);
    if (c->weights)
        nn_norm_backward(&op->layer, op->wires.params, c->weights_grad, op->wires.grads);
}

static void free_conv(struct nn_op *op)
{
    struct conv *const c = (struct conv *)op;

    nn_affine_free(c->affine);
    free(c->weights);
    free(c->weights_grad);
    free(c);
}

static const struct nn_op_calls calls = {forward, backward, free_conv};

/* Steps that are added before the first one; the rest comes behind the last. */
static dnnl_dim_t padding_before(const struct nn_layer *l)
{
    const size_t reach = (l->width - 1) * l->dilation;

    return (dnnl_dim_t)(l->kind == NN_CAUSAL ? reach : reach / 2);
}

static struct nn_affine *new_affine(struct conv *c, struct nn_dnnl *d)
{
    const struct nn_layer *const l = &c->op.layer;
    const struct nn_wires *const w = &c->op.wires;
    const dnnl_dim_t batch = (dnnl_dim_t)w->batch, steps = (dnnl_dim_t)l->in.steps,
                     in = (dnnl_dim_t)l->in.channels, out = (dnnl_dim_t)l->out.channels;
    const dnnl_dims_t x = {batch, in, steps}, y = {batch, out, steps},
                      weights = {out, in, (dnnl_dim_t)l->width}, bias = {out};
    const dnnl_dims_t stride = {1}, gap = {(dnnl_dim_t)l->dilation - 1}, left = {padding_before(l)},
                      right = {(dnnl_dim_t)((l->width - 1) * l->dilation) - left[0]};
    const dnnl_memory_desc_t any = nn_shape_desc(d, 3, weights, dnnl_format_tag_any);
    struct nn_affine_descs s = {.x = nn_shape_desc(d, 3, x, dnnl_nwc),
                                .y = nn_shape_desc(d, 3, y, dnnl_nwc),
                                .weights = nn_shape_desc(d, 3, weights, dnnl_oiw),
                                .bias = nn_shape_desc(d, 1, bias, dnnl_a)};
    dnnl_convolution_desc_t f, bw, bd;

    (void)NN_DNNL(d,
                  dnnl_dilated_convolution_forward_desc_init(
                      &f, w->dy ? dnnl_forward_training : dnnl_forward_inference,
                      dnnl_convolution_auto, &s.x, &any, &s.bias, &s.y, stride, gap, left, right));
    (void)NN_DNNL(d, dnnl_dilated_convolution_backward_weights_desc_init(&bw, dnnl_convolution_auto,
                                                                         &s.x, &any, &s.bias, &s.y,
                                                                         stride, gap, left, right));
    (void)NN_DNNL(d, dnnl_dilated_convolution_backward_data_desc_init(
                         &bd, dnnl_convolution_auto, &s.x, &any, &s.y, stride, gap, left, right));
    s.forward = &f;
    s.backward_weights = &bw;
    s.backward_data = &bd;
    const size_t at = c->parts.weights + c->parts.lengths;
    return nn_affine_new(d, &s, w, c->weights ? c->weights : w->params,
                         c->weights ? c->weights_grad : w->grads, w->params + at,
                         w->grads ? w->grads + at : NULL);
}

struct nn_op *nn_conv_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    struct conv *const c = mem_zero(1, sizeof *c);

    nn_op_init(&c->op, &calls, d, l, w);
    c->parts = nn_layer_parts(l);
    if (l->kind == NN_CAUSAL) {
        c->weights = mem_alloc(c->parts.weights, sizeof *c->weights);
        if (w->grads)
            c->weights_grad = mem_alloc(c->parts.weights, sizeof *c->weights_grad);
    }
    c->affine = new_affine(c, d);
    return &c->op;
}
