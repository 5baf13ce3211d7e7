#include "nn_net.h"

#include "mem.h"
#include "nn_op.h"

#include <stdlib.h>

/* What passes between two layers, and its gradient. */
struct wire {
    float *value, *grad;
};

struct nn_net {
    const struct nn_plan *plan;
    size_t batch;
    struct nn_dnnl *dnnl;
    struct nn_op **ops;
    struct wire *wires; /* n_layers + 1: wire i goes into layer i */
    float **fork_grads; /* of each fork, through its merge */
    float *extra, *grads;
    bool fresh;
};

static nn_op_maker *const makers[NN_KIND_COUNT] = {
    [NN_CONV] = nn_conv_new, [NN_CAUSAL] = nn_conv_new,     [NN_POOL] = nn_pool_new,
    [NN_RELU] = nn_relu_new, [NN_DROPOUT] = nn_dropout_new, [NN_FLATTEN] = nn_copy_new,
    [NN_JOIN] = nn_join_new, [NN_DENSE] = nn_dense_new,     [NN_EMBED] = nn_embed_new,
    [NN_GRU] = nn_gru_new,   [NN_FORK] = nn_copy_new,       [NN_MERGE] = nn_merge_new,
};

/* Zeroed floats on a cache line, as vectors like them. */
static float *new_floats(size_t n)
{
    enum { LINE = 64 };
    const size_t bytes = (n * sizeof(float) + LINE) / LINE * LINE;
    float *const p = aligned_alloc(LINE, bytes);

    if (!p)
        die("out of memory");
    for (size_t i = 0; i < bytes / sizeof(float); i++)
        p[i] = 0;
    return p;
}

static struct nn_op *new_op(struct nn_net *n, size_t i, const float *params)
{
    const struct nn_layer *const l = &n->plan->layers[i];
    const bool learns = n->grads != NULL;
    struct nn_wires w = {
        .batch = n->batch,
        .x = n->wires[i].value,
        .y = n->wires[i + 1].value,
        .dy = n->wires[i + 1].grad,
        .dx = n->wires[i].grad,
        .params = params + l->first,
        .grads = learns ? n->grads + l->first : NULL,
        .extra = n->extra,
    };

    if (l->kind == NN_FORK)
        w.fork_dx = n->fork_grads[i];
    if (l->kind == NN_MERGE) {
        w.fork_x = n->wires[l->from].value;
        w.fork_dx = n->fork_grads[l->from];
    }
    return makers[l->kind](n->dnnl, l, &w);
}

static void new_wires(struct nn_net *n, bool learns)
{
    const struct nn_plan *const p = n->plan;

    n->wires = mem_zero(p->n_layers + 1, sizeof *n->wires);
    n->fork_grads = mem_zero(p->n_layers + 1, sizeof *n->fork_grads);
    for (size_t i = 0; i <= p->n_layers; i++) {
        const struct nn_shape s = i > 0 ? p->layers[i - 1].out : p->in;
        n->wires[i].value = new_floats(nn_count(n->batch, s));
        if (learns && i > 0)
            n->wires[i].grad = new_floats(nn_count(n->batch, s));
        if (learns && i < p->n_layers && p->layers[i].kind == NN_FORK)
            n->fork_grads[i] = new_floats(nn_count(n->batch, s));
    }
}

struct nn_net *nn_net_new(const struct nn_plan *p, size_t batch, const float *params, bool learns,
                          struct err *e)
{
    struct nn_net *const n = mem_zero(1, sizeof *n);

    n->plan = p;
    n->batch = batch;
    n->fresh = true;
    n->dnnl = nn_dnnl_new(e);
    if (!n->dnnl) {
        free(n);
        return NULL;
    }
    n->extra = new_floats(batch * p->extra);
    if (learns)
        n->grads = new_floats(p->n_params);
    new_wires(n, learns);
    n->ops = mem_zero(p->n_layers, sizeof(struct nn_op *));
    for (size_t i = 0; i < p->n_layers; i++)
        n->ops[i] = new_op(n, i, params);
    if (nn_dnnl_ok(n->dnnl, e))
        return n;
    nn_net_free(n);
    return NULL;
}

void nn_net_free(struct nn_net *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->plan->n_layers; i++)
        n->ops[i]->calls->free(n->ops[i]);
    for (size_t i = 0; i <= n->plan->n_layers; i++) {
        free(n->wires[i].value);
        free(n->wires[i].grad);
        free(n->fork_grads[i]);
    }
    free(n->ops);
    free(n->wires);
    free(n->fork_grads);
    free(n->extra);
    free(n->grads);
    nn_dnnl_free(n->dnnl);
    free(n);
}

float *nn_net_input(const struct nn_net *n)
{
    return n->wires[0].value;
}

float *nn_net_extra(const struct nn_net *n)
{
    return n->extra;
}

void nn_net_refresh(struct nn_net *n)
{
    n->fresh = true;
}

bool nn_net_forward(struct nn_net *n, struct rng *drop, struct err *e)
{
    for (size_t i = 0; i < n->plan->n_layers; i++)
        n->ops[i]->calls->forward(n->ops[i], n->fresh, drop);
    n->fresh = false;
    return nn_dnnl_ok(n->dnnl, e);
}

const float *nn_net_after(const struct nn_net *n, size_t layer)
{
    return n->wires[layer + 1].value;
}

const float *nn_net_output(const struct nn_net *n)
{
    return n->wires[n->plan->n_layers].value;
}

float *nn_net_output_grad(const struct nn_net *n)
{
    return n->wires[n->plan->n_layers].grad;
}

bool nn_net_backward(struct nn_net *n, struct err *e)
{
    for (size_t i = n->plan->n_layers; i-- > 0;)
        n->ops[i]->calls->backward(n->ops[i]);
    return nn_dnnl_ok(n->dnnl, e);
}

const float *nn_net_grads(const struct nn_net *n)
{
    return n->grads;
}
