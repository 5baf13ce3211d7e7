/* The greatest of each few steps, by oneDNN. */
#include "mem.h"
#include "nn_op.h"

#include <stdlib.h>

struct pool_op {
    struct nn_op op;
    dnnl_memory_t x, y, dx, dy, workspace;
    struct nn_primitive *forward, *backward;
};

static void forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    (void)fresh;
    (void)drop;
    nn_primitive_run(op->dnnl, ((struct pool_op *)op)->forward);
}

static void backward(struct nn_op *op)
{
    nn_primitive_run(op->dnnl, ((struct pool_op *)op)->backward);
}

static void free_pool(struct nn_op *op)
{
    struct pool_op *const p = (struct pool_op *)op;

    nn_primitive_free(p->forward);
    nn_primitive_free(p->backward);
    nn_memory_free(p->x);
    nn_memory_free(p->y);
    nn_memory_free(p->dx);
    nn_memory_free(p->dy);
    nn_memory_free(p->workspace);
    free(p);
}

static const struct nn_op_calls calls = {forward, backward, free_pool};

static void new_backward(struct pool_op *p, const dnnl_memory_desc_t *x,
                         const dnnl_memory_desc_t *y, const dnnl_dims_t width)
{
    const struct nn_wires *const w = &p->op.wires;
    struct nn_dnnl *const d = p->op.dnnl;
    const dnnl_dims_t none = {0};
    dnnl_pooling_desc_t desc;

    (void)NN_DNNL(d, dnnl_pooling_backward_desc_init(&desc, dnnl_pooling_max, x, y, width, width,
                                                     none, none));
    p->backward = nn_primitive_new(d, &desc, p->forward);
    p->dx = nn_memory_new(d, x, w->dx);
    p->dy = nn_memory_new(d, y, (float *)(uintptr_t)w->dy);
    nn_primitive_arg(p->backward, DNNL_ARG_DIFF_DST, p->dy);
    nn_primitive_arg(p->backward, DNNL_ARG_DIFF_SRC, p->dx);
    nn_primitive_arg(p->backward, DNNL_ARG_WORKSPACE, p->workspace);
}

/* The rest at the end is cut from the shape, not from the memory. */
struct nn_op *nn_pool_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    struct pool_op *const p = mem_zero(1, sizeof *p);
    const dnnl_dim_t batch = (dnnl_dim_t)w->batch, channels = (dnnl_dim_t)l->in.channels;
    const dnnl_dims_t in = {batch, channels, (dnnl_dim_t)l->in.steps},
                      out = {batch, channels, (dnnl_dim_t)l->out.steps}, none = {0},
                      width = {(dnnl_dim_t)l->width};
    const dnnl_memory_desc_t x = nn_shape_desc(d, 3, in, dnnl_nwc),
                             y = nn_shape_desc(d, 3, out, dnnl_nwc);
    dnnl_pooling_desc_t desc;

    nn_op_init(&p->op, &calls, d, l, w);
    (void)NN_DNNL(d, dnnl_pooling_forward_desc_init(
                         &desc, w->dy ? dnnl_forward_training : dnnl_forward_inference,
                         dnnl_pooling_max, &x, &y, width, width, none, none));
    p->forward = nn_primitive_new(d, &desc, NULL);
    p->x = nn_memory_new(d, &x, (float *)(uintptr_t)w->x);
    p->y = nn_memory_new(d, &y, w->y);
    nn_primitive_arg(p->forward, DNNL_ARG_SRC, p->x);
    nn_primitive_arg(p->forward, DNNL_ARG_DST, p->y);
    if (!w->dy)
        return &p->op;
    const dnnl_memory_desc_t *const kept =
        nn_primitive_desc(p->forward, dnnl_query_workspace_md, 0);
    p->workspace = kept ? nn_memory_new(d, kept, NULL) : NULL;
    nn_primitive_arg(p->forward, DNNL_ARG_WORKSPACE, p->workspace);
    if (w->dx)
        new_backward(p, &x, &y, width);
    return &p->op;
}
