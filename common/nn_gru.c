/* Gated recurrent units, by oneDNN, from a state of zeros. Where the network is to learn, the
 * states between the steps are kept in the workspace. */
#include "mem.h"
#include "nn_op.h"

#include <stdlib.h>
#include <string.h>

/* The tensors of one pass; the layouts that oneDNN wants for weights may differ from one to the
 * other. */
enum tensor { X, Y, WEIGHTS, STATES, BIAS, TENSORS };

static const int args[TENSORS] = {DNNL_ARG_SRC_LAYER, DNNL_ARG_DST_LAYER, DNNL_ARG_WEIGHTS_LAYER,
                                  DNNL_ARG_WEIGHTS_ITER, DNNL_ARG_BIAS};
static const int diff_args[TENSORS] = {DNNL_ARG_DIFF_SRC_LAYER, DNNL_ARG_DIFF_DST_LAYER,
                                       DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER,
                                       DNNL_ARG_DIFF_BIAS};

struct gru {
    struct nn_op op;
    dnnl_memory_desc_t descs[TENSORS]; /* as the wires have them */
    dnnl_memory_t wires[TENSORS], diff_wires[TENSORS];
    dnnl_memory_t laid[TENSORS];      /* weights as the forward pass wants them */
    dnnl_memory_t back_laid[TENSORS]; /* as the backward one does */
    dnnl_memory_t diff_laid[TENSORS]; /* their gradients as that one gives them */
    dnnl_memory_t workspace;
    struct nn_primitive *forward, *backward;
    struct nn_primitive *lay[TENSORS], *lay_back[TENSORS], *take_diff[TENSORS];
    float *unasked; /* the gradient of x where nobody asks */
};

static void forward(struct nn_op *op, bool fresh, struct rng *drop)
{
    const struct gru *const g = (struct gru *)op;

    (void)drop;
    for (int i = WEIGHTS; fresh && i <= STATES; i++)
        nn_primitive_run(op->dnnl, g->lay[i]);
    nn_primitive_run(op->dnnl, g->forward);
}

static void backward(struct nn_op *op)
{
    const struct gru *const g = (struct gru *)op;

    for (int i = WEIGHTS; i <= STATES; i++)
        nn_primitive_run(op->dnnl, g->lay_back[i]);
    /* oneDNN adds to what stands in the gradients. */
    for (int i = WEIGHTS; i < TENSORS; i++) {
        const dnnl_memory_desc_t *desc;
        void *p;
        if (NN_DNNL(op->dnnl, dnnl_memory_get_memory_desc(g->diff_laid[i], &desc)) &&
            NN_DNNL(op->dnnl, dnnl_memory_get_data_handle(g->diff_laid[i], &p)))
            memset(p, 0, dnnl_memory_desc_get_size(desc));
    }
    nn_primitive_run(op->dnnl, g->backward);
    for (int i = WEIGHTS; i <= STATES; i++)
        nn_primitive_run(op->dnnl, g->take_diff[i]);
}

static void free_gru(struct nn_op *op)
{
    struct gru *const g = (struct gru *)op;

    nn_primitive_free(g->forward);
    nn_primitive_free(g->backward);
    for (int i = 0; i < TENSORS; i++) {
        nn_primitive_free(g->lay[i]);
        nn_primitive_free(g->lay_back[i]);
        nn_primitive_free(g->take_diff[i]);
        if (g->laid[i] != g->wires[i])
            nn_memory_free(g->laid[i]);
        if (g->back_laid[i] != g->wires[i])
            nn_memory_free(g->back_laid[i]);
        if (g->diff_laid[i] != g->diff_wires[i])
            nn_memory_free(g->diff_laid[i]);
        nn_memory_free(g->wires[i]);
        nn_memory_free(g->diff_wires[i]);
    }
    nn_memory_free(g->workspace);
    free(g->unasked);
    free(g);
}

static const struct nn_op_calls calls = {forward, backward, free_gru};

static float *unconst(const float *p)
{
    return (float *)(uintptr_t)p;
}

/* Memory as the primitive wants it, and the copy that fills it or is filled from it. */
static void lay_out(struct gru *g, const dnnl_memory_desc_t *desc, dnnl_memory_t own,
                    dnnl_memory_t *laid, struct nn_primitive **copy, bool take)
{
    if (!desc)
        return;
    *laid = nn_memory_new(g->op.dnnl, desc, NULL);
    *copy = take ? nn_reorder_new(g->op.dnnl, *laid, own) : nn_reorder_new(g->op.dnnl, own, *laid);
}

static void describe(struct gru *g, dnnl_memory_desc_t any[2])
{
    struct nn_dnnl *const d = g->op.dnnl;
    const struct nn_layer *const l = &g->op.layer;
    const dnnl_dim_t steps = (dnnl_dim_t)l->in.steps, batch = (dnnl_dim_t)g->op.wires.batch,
                     in = (dnnl_dim_t)l->in.channels, out = (dnnl_dim_t)l->out.channels;
    const dnnl_dims_t x = {steps, batch, in}, y = {steps, batch, out}, weights = {1, 1, in, 3, out},
                      states = {1, 1, out, 3, out}, bias = {1, 1, 4, out};

    g->descs[X] = nn_shape_desc(d, 3, x, dnnl_ntc);
    g->descs[Y] = nn_shape_desc(d, 3, y, dnnl_ntc);
    g->descs[WEIGHTS] = nn_shape_desc(d, 5, weights, dnnl_ldigo);
    g->descs[STATES] = nn_shape_desc(d, 5, states, dnnl_ldigo);
    g->descs[BIAS] = nn_shape_desc(d, 4, bias, dnnl_ldgo);
    any[0] = nn_shape_desc(d, 5, weights, dnnl_format_tag_any);
    any[1] = nn_shape_desc(d, 5, states, dnnl_format_tag_any);
}

static void new_forward(struct gru *g, const dnnl_memory_desc_t any[2])
{
    struct nn_dnnl *const d = g->op.dnnl;
    const struct nn_wires *const w = &g->op.wires;
    const struct nn_parts parts = nn_layer_parts(&g->op.layer);
    const dnnl_memory_desc_t none = {0};
    float *const own[TENSORS] = {unconst(w->x), w->y, unconst(w->params),
                                 unconst(w->params) + parts.weights,
                                 unconst(w->params) + parts.weights + parts.states};
    dnnl_rnn_desc_t f;

    (void)NN_DNNL(d, dnnl_lbr_gru_forward_desc_init(
                         &f, w->dy ? dnnl_forward_training : dnnl_forward_inference,
                         dnnl_unidirectional_left2right, &g->descs[X], &none, &any[0], &any[1],
                         &g->descs[BIAS], &g->descs[Y], &none, 0));
    g->forward = nn_primitive_new(d, &f, NULL);
    for (int i = 0; i < TENSORS; i++)
        g->laid[i] = g->wires[i] = nn_memory_new(d, &g->descs[i], own[i]);
    lay_out(g, nn_primitive_desc(g->forward, dnnl_query_weights_md, 0), g->wires[WEIGHTS],
            &g->laid[WEIGHTS], &g->lay[WEIGHTS], false);
    if (g->forward)
        lay_out(g, nn_primitive_desc(g->forward, dnnl_query_weights_md, 1), g->wires[STATES],
                &g->laid[STATES], &g->lay[STATES], false);
    for (int i = 0; i < TENSORS; i++)
        nn_primitive_arg(g->forward, args[i], g->laid[i]);
    if (w->dy) {
        const dnnl_memory_desc_t *const kept =
            nn_primitive_desc(g->forward, dnnl_query_workspace_md, 0);
        g->workspace = kept ? nn_memory_new(d, kept, NULL) : NULL;
        nn_primitive_arg(g->forward, DNNL_ARG_WORKSPACE, g->workspace);
    }
}

static void new_backward(struct gru *g, const dnnl_memory_desc_t any[2])
{
    struct nn_dnnl *const d = g->op.dnnl;
    const struct nn_wires *const w = &g->op.wires;
    const struct nn_parts parts = nn_layer_parts(&g->op.layer);
    const dnnl_memory_desc_t none = {0};
    dnnl_rnn_desc_t b;

    if (!w->dx)
        g->unasked = mem_alloc(nn_count(w->batch, g->op.layer.in), sizeof *g->unasked);
    float *const own[TENSORS] = {w->dx ? w->dx : g->unasked, unconst(w->dy), w->grads,
                                 w->grads + parts.weights, w->grads + parts.weights + parts.states};
    (void)NN_DNNL(d, dnnl_lbr_gru_backward_desc_init(
                         &b, dnnl_backward, dnnl_unidirectional_left2right, &g->descs[X], &none,
                         &any[0], &any[1], &g->descs[BIAS], &g->descs[Y], &none, &g->descs[X],
                         &none, &any[0], &any[1], &g->descs[BIAS], &g->descs[Y], &none, 0));
    g->backward = nn_primitive_new(d, &b, g->forward);
    if (!g->backward)
        return;
    for (int i = 0; i < TENSORS; i++) {
        g->back_laid[i] = g->wires[i];
        g->diff_laid[i] = g->diff_wires[i] = nn_memory_new(d, &g->descs[i], own[i]);
    }
    for (int i = WEIGHTS; i <= STATES; i++) {
        lay_out(g, nn_primitive_desc(g->backward, dnnl_query_weights_md, i - WEIGHTS), g->wires[i],
                &g->back_laid[i], &g->lay_back[i], false);
        lay_out(g, nn_primitive_desc(g->backward, dnnl_query_diff_weights_md, i - WEIGHTS),
                g->diff_wires[i], &g->diff_laid[i], &g->take_diff[i], true);
    }
    for (int i = 0; i < TENSORS; i++) {
        nn_primitive_arg(g->backward, args[i], g->back_laid[i]);
        nn_primitive_arg(g->backward, diff_args[i], g->diff_laid[i]);
    }
    nn_primitive_arg(g->backward, DNNL_ARG_WORKSPACE, g->workspace);
}

struct nn_op *nn_gru_new(struct nn_dnnl *d, const struct nn_layer *l, const struct nn_wires *w)
{
    struct gru *const g = mem_zero(1, sizeof *g);
    dnnl_memory_desc_t any[2];

    nn_op_init(&g->op, &calls, d, l, w);
    describe(g, any);
    new_forward(g, any);
    if (w->dy)
        new_backward(g, any);
    return &g->op;
}
