#include "nn_affine.h"

#include "mem.h"

#include <stdlib.h>

/* Weights between the parameters' layout and that of a primitive; both may be the same memory. */
struct relaid {
    dnnl_memory_t own, theirs;
    struct nn_primitive *copy; /* NULL: no need */
};

struct nn_affine {
    struct nn_dnnl *dnnl;
    dnnl_memory_t x, y, dx, dy, bias, bias_grad;
    struct relaid forward_weights, data_weights, weights_grad;
    struct nn_primitive *forward, *backward_weights, *backward_data;
};

/* to_theirs: the copy goes from the parameters to the primitive. */
static void relay(struct nn_dnnl *d, struct relaid *r, const dnnl_memory_desc_t *own, float *data,
                  const dnnl_memory_desc_t *theirs, bool to_theirs)
{
    if (!theirs)
        return;
    r->own = nn_memory_new(d, own, data);
    if (dnnl_memory_desc_equal(own, theirs)) {
        r->theirs = r->own;
        return;
    }
    r->theirs = nn_memory_new(d, theirs, NULL);
    r->copy =
        to_theirs ? nn_reorder_new(d, r->own, r->theirs) : nn_reorder_new(d, r->theirs, r->own);
}

static void free_relaid(struct relaid *r)
{
    nn_primitive_free(r->copy);
    if (r->theirs != r->own)
        nn_memory_free(r->theirs);
    nn_memory_free(r->own);
}

static void new_forward(struct nn_affine *a, const struct nn_affine_descs *s, float *weights)
{
    a->forward = nn_primitive_new(a->dnnl, s->forward, NULL);
    relay(a->dnnl, &a->forward_weights, &s->weights, weights,
          nn_primitive_desc(a->forward, dnnl_query_weights_md, 0), true);
    nn_primitive_arg(a->forward, DNNL_ARG_SRC, a->x);
    nn_primitive_arg(a->forward, DNNL_ARG_WEIGHTS, a->forward_weights.theirs);
    nn_primitive_arg(a->forward, DNNL_ARG_BIAS, a->bias);
    nn_primitive_arg(a->forward, DNNL_ARG_DST, a->y);
}

static void new_backward_weights(struct nn_affine *a, const struct nn_affine_descs *s, float *grad)
{
    a->backward_weights = nn_primitive_new(a->dnnl, s->backward_weights, a->forward);
    relay(a->dnnl, &a->weights_grad, &s->weights, grad,
          nn_primitive_desc(a->backward_weights, dnnl_query_diff_weights_md, 0), false);
    nn_primitive_arg(a->backward_weights, DNNL_ARG_SRC, a->x);
    nn_primitive_arg(a->backward_weights, DNNL_ARG_DIFF_DST, a->dy);
    nn_primitive_arg(a->backward_weights, DNNL_ARG_DIFF_WEIGHTS, a->weights_grad.theirs);
    nn_primitive_arg(a->backward_weights, DNNL_ARG_DIFF_BIAS, a->bias_grad);
}

static void new_backward_data(struct nn_affine *a, const struct nn_affine_descs *s, float *weights)
{
    a->backward_data = nn_primitive_new(a->dnnl, s->backward_data, a->forward);
    relay(a->dnnl, &a->data_weights, &s->weights, weights,
          nn_primitive_desc(a->backward_data, dnnl_query_weights_md, 0), true);
    nn_primitive_arg(a->backward_data, DNNL_ARG_DIFF_DST, a->dy);
    nn_primitive_arg(a->backward_data, DNNL_ARG_WEIGHTS, a->data_weights.theirs);
    nn_primitive_arg(a->backward_data, DNNL_ARG_DIFF_SRC, a->dx);
}

/* oneDNN reads what stands under const here, and says so by the kind of argument alone. */
static float *unconst(const float *p)
{
    return (float *)(uintptr_t)p;
}

struct nn_affine *nn_affine_new(struct nn_dnnl *d, const struct nn_affine_descs *s,
                                const struct nn_wires *w, const float *weights, float *weights_grad,
                                const float *bias, float *bias_grad)
{
    struct nn_affine *const a = mem_zero(1, sizeof *a);

    a->dnnl = d;
    a->x = nn_memory_new(d, &s->x, unconst(w->x));
    a->y = nn_memory_new(d, &s->y, w->y);
    a->bias = nn_memory_new(d, &s->bias, unconst(bias));
    new_forward(a, s, unconst(weights));
    if (!w->dy)
        return a;
    a->dy = nn_memory_new(d, &s->y, unconst(w->dy));
    a->bias_grad = nn_memory_new(d, &s->bias, bias_grad);
    new_backward_weights(a, s, weights_grad);
    if (w->dx) {
        a->dx = nn_memory_new(d, &s->x, w->dx);
        new_backward_data(a, s, unconst(weights));
    }
    return a;
}

void nn_affine_free(struct nn_affine *a)
{
    if (!a)
        return;
    nn_primitive_free(a->forward);
    nn_primitive_free(a->backward_weights);
    nn_primitive_free(a->backward_data);
    free_relaid(&a->forward_weights);
    free_relaid(&a->weights_grad);
    free_relaid(&a->data_weights);
    nn_memory_free(a->x);
    nn_memory_free(a->y);
    nn_memory_free(a->dx);
    nn_memory_free(a->dy);
    nn_memory_free(a->bias);
    nn_memory_free(a->bias_grad);
    free(a);
}

void nn_affine_forward(struct nn_affine *a, bool fresh)
{
    if (fresh)
        nn_primitive_run(a->dnnl, a->forward_weights.copy);
    nn_primitive_run(a->dnnl, a->forward);
}

void nn_affine_backward(struct nn_affine *a)
{
    nn_primitive_run(a->dnnl, a->backward_weights);
    nn_primitive_run(a->dnnl, a->weights_grad.copy);
    if (!a->backward_data)
        return;
    nn_primitive_run(a->dnnl, a->data_weights.copy);
    nn_primitive_run(a->dnnl, a->backward_data);
}
