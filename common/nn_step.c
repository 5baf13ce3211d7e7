#include "nn_step.h"

#include "mem.h"
#include "nn_norm.h"
#include "vec_target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A layer as steps go through it. Weights are laid out a row an input, so that each input is added
 * to all outputs at once. */
struct stage {
    const struct nn_layer *layer;
    float *weights, *states, *bias;
    float *y;    /* the layer's output */
    float *past; /* causal: the last inputs, a ring of `reach` rows; gru: the state */
    size_t reach, at;
    float *sums; /* gru: of inputs, of states */
};

struct nn_step {
    const struct nn_plan *plan;
    struct stage *stages;
};

VEC_INLINE void add_loop(const float *restrict x, size_t in, const float *restrict weights,
                         size_t out, float *restrict y)
{
    for (size_t i = 0; i < in; i++)
        for (size_t o = 0; o < out; o++)
            y[o] += x[i] * weights[i * out + o];
}

VEC_VARIANTS(void, add, (const float *x, size_t in, const float *weights, size_t out, float *y),
             add_loop(x, in, weights, out, y);)

/* y += x times rows of weights. */
static void add_rows(const float *x, size_t in, const float *weights, size_t out, float *y)
{
    VEC_CALL(add)(x, in, weights, out, y);
}

/* From a row an output, with the numbers of each input `step` apart, to a row an input. */
static void turn(const float *from, size_t in, size_t step, size_t out, float *to)
{
    for (size_t i = 0; i < in; i++)
        for (size_t o = 0; o < out; o++)
            to[i * out + o] = from[(o * in + i) * step];
}

static float *copy_of(const float *p, size_t n)
{
    float *const copy = mem_alloc(n, sizeof *copy);

    memcpy(copy, p, n * sizeof *copy);
    return copy;
}

static bool open_causal(struct stage *s, const float *own, struct err *e)
{
    const struct nn_layer *const l = s->layer;
    const size_t in = l->in.channels, out = l->out.channels, n = in * out * l->width;

    s->reach = (l->width - 1) * l->dilation + 1;
    if (s->reach > NN_MOST_NUMBERS / in)
        return err_set(e, "a causal layer looks %zu steps back, too far for %zu channels",
                       s->reach - 1, in);
    float *const w = mem_alloc(n, sizeof *w);

    nn_norm_forward(l, own, w);
    s->weights = mem_alloc(n, sizeof *s->weights);
    for (size_t k = 0; k < l->width; k++)
        turn(w + k, in, l->width, out, s->weights + k * in * out);
    free(w);
    s->bias = copy_of(own + n + out, out);
    s->past = mem_zero(s->reach * in, sizeof *s->past);
    return true;
}

static void open_gru(struct stage *s, const float *own)
{
    const size_t in = s->layer->in.channels, out = s->layer->out.channels;

    s->weights = copy_of(own, in * 3 * out);
    s->states = copy_of(own + in * 3 * out, out * 3 * out);
    s->bias = copy_of(own + (in + out) * 3 * out, 4 * out);
    s->past = mem_zero(out, sizeof *s->past);
    s->sums = mem_alloc(6 * out, sizeof *s->sums);
    s->reach = 1;
}

static void open_dense(struct stage *s, const float *own, size_t in)
{
    const size_t out = s->layer->out.channels;

    s->weights = mem_alloc(in * out, sizeof *s->weights);
    turn(own, in, 1, out, s->weights);
    s->bias = copy_of(own + in * out, out);
}

static bool open_stage(struct stage *s, const struct nn_layer *l, const float *own, struct err *e)
{
    s->layer = l;
    s->y = mem_zero(l->out.channels, sizeof *s->y);
    switch (l->kind) {
    case NN_CAUSAL:
        return open_causal(s, own, e);
    case NN_GRU:
        open_gru(s, own);
        return true;
    case NN_DENSE:
        open_dense(s, own, l->in.channels);
        return true;
    case NN_MERGE:
        if (l->n_params > 0)
            open_dense(s, own, l->width);
        return true;
    case NN_EMBED:
        s->weights = copy_of(own, l->n_params);
        return true;
    case NN_RELU:
    case NN_DROPOUT:
    case NN_FORK:
        return true;
    default:
        return err_set(e, "a layer (conv, pool, flatten or join) looks at all steps at once");
    }
}

struct nn_step *nn_step_new(const struct nn_plan *p, const float *params, struct err *e)
{
    struct nn_step *const s = mem_zero(1, sizeof *s);

    s->plan = p;
    s->stages = mem_zero(p->n_layers, sizeof *s->stages);
    for (size_t i = 0; i < p->n_layers; i++)
        if (!open_stage(&s->stages[i], &p->layers[i], params + p->layers[i].first, e)) {
            nn_step_free(s);
            return NULL;
        }
    return s;
}

void nn_step_free(struct nn_step *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->plan->n_layers; i++) {
        struct stage *const stage = &s->stages[i];
        free(stage->weights);
        free(stage->states);
        free(stage->bias);
        free(stage->y);
        free(stage->past);
        free(stage->sums);
    }
    free(s->stages);
    free(s);
}

void nn_step_reset(struct nn_step *s)
{
    for (size_t i = 0; i < s->plan->n_layers; i++) {
        struct stage *const stage = &s->stages[i];
        const struct nn_layer *const l = stage->layer;
        const size_t row = l->kind == NN_GRU ? l->out.channels : l->in.channels;
        if (stage->past)
            memset(stage->past, 0, stage->reach * row * sizeof *stage->past);
    }
}

/* The ring's row `at` is the newest; those before it are older. */
static void causal(struct stage *s, const float *x)
{
    const struct nn_layer *const l = s->layer;
    const size_t in = l->in.channels, out = l->out.channels;

    s->at = (s->at + 1) % s->reach;
    memcpy(s->past + s->at * in, x, in * sizeof *x);
    memcpy(s->y, s->bias, out * sizeof *s->y);
    for (size_t k = 0; k < l->width; k++) {
        const size_t ago = (l->width - 1 - k) * l->dilation,
                     place = (s->at + s->reach - ago) % s->reach;
        add_rows(s->past + place * in, in, s->weights + k * in * out, out, s->y);
    }
}

static float sigmoid(float x)
{
    return 1 / (1 + expf(-x));
}

/* h = u h + (1 - u) tanh(W x + b + r (U h + c)), with u and r sigmoids of their own sums. */
static void gru(struct stage *s, const float *x)
{
    const size_t in = s->layer->in.channels, out = s->layer->out.channels;
    float *const of_x = s->sums, *const of_h = s->sums + 3 * out, *const h = s->past;

    memcpy(of_x, s->bias, 3 * out * sizeof *of_x);
    memset(of_h, 0, 2 * out * sizeof *of_h);
    memcpy(of_h + 2 * out, s->bias + 3 * out, out * sizeof *of_h);
    add_rows(x, in, s->weights, 3 * out, of_x);
    add_rows(h, out, s->states, 3 * out, of_h);
    for (size_t o = 0; o < out; o++) {
        const float update = sigmoid(of_x[o] + of_h[o]),
                    reset = sigmoid(of_x[out + o] + of_h[out + o]),
                    fresh = tanhf(of_x[2 * out + o] + reset * of_h[2 * out + o]);
        h[o] = update * h[o] + (1 - update) * fresh;
    }
    memcpy(s->y, h, out * sizeof *h);
}

static void merge(struct stage *s, const float *x, const float *forked)
{
    const size_t out = s->layer->out.channels;

    if (s->weights) {
        memcpy(s->y, s->bias, out * sizeof *s->y);
        add_rows(forked, s->layer->width, s->weights, out, s->y);
    } else {
        memcpy(s->y, forked, out * sizeof *s->y);
    }
    for (size_t o = 0; o < out; o++) {
        const float sum = x[o] + s->y[o];
        s->y[o] = sum > 0 ? sum : 0;
    }
}

/* A number that is none of the kinds counts as 0, as in nn_net. */
static void embed(struct stage *s, float x)
{
    const size_t row = x >= 0 && x < (float)s->layer->width ? (size_t)x : 0,
                 out = s->layer->out.channels;

    memcpy(s->y, s->weights + row * out, out * sizeof *s->y);
}

const float *nn_step_next(struct nn_step *s, const float *in)
{
    const float *x = in;

    for (size_t i = 0; i < s->plan->n_layers; i++) {
        struct stage *const stage = &s->stages[i];
        const size_t out = stage->layer->out.channels;
        switch (stage->layer->kind) {
        case NN_CAUSAL:
            causal(stage, x);
            break;
        case NN_GRU:
            gru(stage, x);
            break;
        case NN_DENSE:
            memcpy(stage->y, stage->bias, out * sizeof *stage->y);
            add_rows(x, stage->layer->in.channels, stage->weights, out, stage->y);
            break;
        case NN_EMBED:
            embed(stage, *x);
            break;
        case NN_MERGE:
            merge(stage, x, s->stages[stage->layer->from].y);
            break;
        case NN_RELU:
            for (size_t o = 0; o < out; o++)
                stage->y[o] = x[o] > 0 ? x[o] : 0;
            break;
        default: /* dropout drops nothing here; a fork passes on */
            memcpy(stage->y, x, out * sizeof *stage->y);
        }
        x = stage->y;
    }
    return x;
}
