/* The end of a residual block (He et al., 2016): what went in at its fork is added, through a dense
 * layer where the channels differ; then max(x, 0). */
#include "mem.h"
#include "nn_op.h"

#include <stdlib.h>
#include <string.h>

struct merge {
    struct nn_op op;
    struct nn_op *dense;  /* NULL: the channels are as many */
    float *taken, *d_sum; /* what the dense layer makes of the fork's; the gradient of the sum */
};

static void forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    struct merge *const m = (struct merge *)op;
    const float *const x = op->wires.x, *added = op->wires.fork_x;
    float *const y = op->wires.y;

    if (m->dense) {
        m->dense->calls->forward(m->dense, fresh, drop);
        added = m->taken;
    }
    for (size_t i = 0, n = nn_count(op->wires.batch, op->layer.out); i < n; i++) {
        const float sum = x[i] + added[i];
        y[i] = sum > 0 ? sum : 0;
    }
}

static void backward(struct nn_op *op)
{
    struct merge *const m = (struct merge *)op;
    const size_t n = nn_count(op->wires.batch, op->layer.out);

    for (size_t i = 0; i < n; i++)
        m->d_sum[i] = op->wires.y[i] > 0 ? op->wires.dy[i] : 0;
    if (op->wires.dx)
        memcpy(op->wires.dx, m->d_sum, n * sizeof(float));
    if (m->dense)
        m->dense->calls->backward(m->dense);
    else
        memcpy(op->wires.fork_dx, m->d_sum, n * sizeof(float));
}

static void free_merge(struct nn_op *op)
{
    struct merge *const m = (struct merge *)op;

    if (m->dense)
        m->dense->calls->free(m->dense);
    free(m->taken);
    free(m->d_sum);
    free(m);
}

static const struct nn_op_calls calls = {forward, backward, free_merge};

struct nn_op *nn_merge_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    struct merge *const m = mem_zero(1, sizeof *m);
    const size_t n = nn_count(w->batch, l->out);

    nn_op_init(&m->op, &calls, d, l, w);
    if (w->dy)
        m->d_sum = mem_alloc(n, sizeof *m->d_sum);
    if (l->n_params == 0)
        return &m->op;
    m->taken = mem_alloc(n, sizeof *m->taken);
    const struct nn_layer dense = {
        .kind = NN_DENSE, .in = {l->in.steps, l->width}, .out = l->out, .n_params = l->n_params};
    struct nn_wires own = *w;
    own.x = w->fork_x;
    own.y = m->taken;
    own.dy = m->d_sum;
    own.dx = w->dy ? w->fork_dx : NULL;
    m->dense = nn_dense_new(d, &dense, &own);
    return &m->op;
}
