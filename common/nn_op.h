/* A layer at work on a batch: what comes in, what goes out, and how the loss changes with both.
 *
 * Every kind of layer makes its op from the same things and hides what it needs; nn_net.c strings
 * them together. */
#ifndef WEIR_NN_OP_H
#define WEIR_NN_OP_H

#include "nn_dnnl.h"
#include "nn_plan.h"

/* Where an op finds its numbers: batch x steps x channels, floats on 64 bytes, which stay while it
 * lives. The gradients are NULL where the network only answers; dx is NULL where nobody asks. */
struct nn_wires {
    size_t batch;
    const float *x;
    float *y;
    const float *dy;
    float *dx;
    const float *params; /* the layer's own */
    float *grads;        /* the same places; backward() sets them */
    const float *extra;  /* batch x the sample's further numbers, for a join */
    const float *fork_x; /* what went into the merge's fork */
    float *fork_dx;      /* of it, through the merge */
};

struct nn_op;

/* What an op does. fresh: the parameters have changed since the last time. */
struct nn_op_calls {
    void (*forward)(struct nn_op *op, bool fresh, struct rng *drop);
    void (*backward)(struct nn_op *op);
    void (*free)(struct nn_op *op);
};

/* The first member of every kind's own structure. */
struct nn_op {
    const struct nn_op_calls *calls;
    struct nn_layer layer;
    struct nn_wires wires;
    struct nn_dnnl *dnnl;
};

/* One function a kind, all with the same shape; the op is freed by its own free(). Failures are
 * kept by the dnnl. */
typedef struct nn_op *nn_op_maker(struct nn_dnnl *d, const struct nn_layer *l,
                                  const struct nn_wires *w);
nn_op_maker nn_conv_new, nn_dense_new, nn_pool_new, nn_gru_new; /* oneDNN's */
nn_op_maker nn_relu_new, nn_dropout_new, nn_join_new, nn_embed_new, nn_copy_new, nn_merge_new;

/* Fills the common part. */
void nn_op_init(struct nn_op *op, const struct nn_op_calls *calls, struct nn_dnnl *d,
                const struct nn_layer *l, const struct nn_wires *w);

/* Numbers of a batch. */
static inline size_t nn_count(size_t batch, struct nn_shape s)
{
    return batch * s.steps * s.channels;
}

#endif
