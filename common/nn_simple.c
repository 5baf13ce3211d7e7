/* Layers that take no library: an element, or a row, at a time. */
#include "mem.h"
#include "nn_op.h"

#include <stdlib.h>
#include <string.h>

void nn_op_init(struct nn_op *op, const struct nn_op_calls *calls, struct nn_dnnl *d,
                const struct nn_layer *l, const struct nn_wires *w)
{
    *op = (struct nn_op){.calls = calls, .layer = *l, .wires = *w, .dnnl = d};
}

static void free_op(struct nn_op *op)
{
    free(op);
}

static struct nn_op *new_op(const struct nn_op_calls *calls, struct nn_dnnl *d,
                            const struct nn_layer *l, const struct nn_wires *w)
{
    struct nn_op *const op = mem_alloc(1, sizeof *op);

    nn_op_init(op, calls, d, l, w);
    return op;
}

static size_t numbers_in(const struct nn_op *op)
{
    return nn_count(op->wires.batch, op->layer.in);
}

static void relu_forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    const float *const x = op->wires.x;
    float *const y = op->wires.y;

    (void)fresh;
    (void)drop;
    for (size_t i = 0, n = numbers_in(op); i < n; i++)
        y[i] = x[i] > 0 ? x[i] : 0;
}

static void relu_backward(struct nn_op *op)
{
    const float *const y = op->wires.y, *const dy = op->wires.dy;
    float *const dx = op->wires.dx;

    for (size_t i = 0, n = dx ? numbers_in(op) : 0; i < n; i++)
        dx[i] = y[i] > 0 ? dy[i] : 0;
}

struct nn_op *nn_relu_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    static const struct nn_op_calls calls = {relu_forward, relu_backward, free_op};

    return new_op(&calls, d, l, w);
}

/* Flatten and fork: the numbers as they are. */
static void copy_forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    (void)fresh;
    (void)drop;
    memcpy(op->wires.y, op->wires.x, numbers_in(op) * sizeof(float));
}

static void copy_backward(struct nn_op *op)
{
    if (op->wires.dx)
        memcpy(op->wires.dx, op->wires.dy, numbers_in(op) * sizeof(float));
}

/* Through the merge comes a second gradient, which is there before. */
static void fork_backward(struct nn_op *op)
{
    const float *const dy = op->wires.dy, *const through = op->wires.fork_dx;
    float *const dx = op->wires.dx;

    for (size_t i = 0, n = dx ? numbers_in(op) : 0; i < n; i++)
        dx[i] = dy[i] + through[i];
}

struct nn_op *nn_copy_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    static const struct nn_op_calls copy = {copy_forward, copy_backward, free_op},
                                    fork = {copy_forward, fork_backward, free_op};

    return new_op(l->kind == NN_FORK ? &fork : &copy, d, l, w);
}

static void join_forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    const size_t in = op->layer.in.channels, out = op->layer.out.channels, extra = out - in;

    (void)fresh;
    (void)drop;
    for (size_t i = 0; i < op->wires.batch; i++) {
        memcpy(op->wires.y + i * out, op->wires.x + i * in, in * sizeof(float));
        memcpy(op->wires.y + i * out + in, op->wires.extra + i * extra, extra * sizeof(float));
    }
}

static void join_backward(struct nn_op *op)
{
    const size_t in = op->layer.in.channels, out = op->layer.out.channels;

    for (size_t i = 0; op->wires.dx && i < op->wires.batch; i++)
        memcpy(op->wires.dx + i * in, op->wires.dy + i * out, in * sizeof(float));
}

struct nn_op *nn_join_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    static const struct nn_op_calls calls = {join_forward, join_backward, free_op};

    return new_op(&calls, d, l, w);
}

/* The row of a step's number; numbers that are none count as 0. */
static size_t embed_row(const struct nn_op *op, size_t i)
{
    const float x = op->wires.x[i];

    return x >= 0 && x < (float)op->layer.width ? (size_t)x : 0;
}

static void embed_forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    const size_t out = op->layer.out.channels;

    (void)fresh;
    (void)drop;
    for (size_t i = 0, n = op->wires.batch * op->layer.in.steps; i < n; i++)
        memcpy(op->wires.y + i * out, op->wires.params + embed_row(op, i) * out,
               out * sizeof(float));
}

static void embed_backward(struct nn_op *op)
{
    const size_t out = op->layer.out.channels;

    memset(op->wires.grads, 0, op->layer.n_params * sizeof(float));
    for (size_t i = 0, n = op->wires.batch * op->layer.in.steps; i < n; i++) {
        float *const grad = op->wires.grads + embed_row(op, i) * out;
        for (size_t k = 0; k < out; k++)
            grad[k] += op->wires.dy[i * out + k];
    }
}

struct nn_op *nn_embed_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    static const struct nn_op_calls calls = {embed_forward, embed_backward, free_op};

    return new_op(&calls, d, l, w);
}

/* What remains is scaled up, so that the mean stays (Srivastava et al., 2014). */
struct dropout {
    struct nn_op op;
    float *kept; /* 0, or the scale */
};

static void dropout_forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    struct dropout *const d = (struct dropout *)op;
    const double p = op->layer.drop;
    const float scale = (float)(1 / (1 - p));

    (void)fresh;
    if (!drop || !d->kept) {
        memcpy(op->wires.y, op->wires.x, numbers_in(op) * sizeof(float));
        return;
    }
    for (size_t i = 0, n = numbers_in(op); i < n; i++) {
        d->kept[i] = rng_unit(drop) < p ? 0 : scale;
        op->wires.y[i] = op->wires.x[i] * d->kept[i];
    }
}

static void dropout_backward(struct nn_op *op)
{
    const struct dropout *const d = (struct dropout *)op;

    for (size_t i = 0, n = op->wires.dx ? numbers_in(op) : 0; i < n; i++)
        op->wires.dx[i] = op->wires.dy[i] * d->kept[i];
}

static void dropout_free(struct nn_op *op)
{
    free(((struct dropout *)op)->kept);
    free(op);
}

struct nn_op *nn_dropout_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    static const struct nn_op_calls calls = {dropout_forward, dropout_backward, dropout_free};
    struct dropout *const dropout = mem_zero(1, sizeof *dropout);

    nn_op_init(&dropout->op, &calls, d, l, w);
    if (w->dy)
        dropout->kept = mem_alloc(nn_count(w->batch, l->in), sizeof *dropout->kept);
    return &dropout->op;
}
