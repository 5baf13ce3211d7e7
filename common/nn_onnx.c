#include "nn_onnx.h"

#include "mem.h"
#include "nn_norm.h"

#include <stdlib.h>
#include <string.h>

static const float *own_params(const struct nn_onnx *n, size_t i)
{
    return n->params + n->plan->layers[i].first;
}

/* Steps of the causal layer before the first one. */
static size_t reach(const struct nn_layer *l)
{
    return (l->width - 1) * l->dilation;
}

size_t nn_onnx_keeps(const struct nn_layer *l)
{
    return l->kind == NN_GRU      ? l->out.channels
           : l->kind == NN_CAUSAL ? reach(l) * l->in.channels
                                  : 0;
}

/* A value by steps: a flat one has one. */
static const char *by_steps(struct nn_onnx *n, struct nn_onnx_value v)
{
    return v.flat ? onnx_op_axis(n->to, "Unsqueeze", v.name, 2) : v.name;
}

static void pass_on(struct nn_onnx *n, const char *name, bool flat)
{
    n->value = (struct nn_onnx_value){name, flat};
}

void nn_onnx_flatten(struct nn_onnx *n, size_t steps)
{
    const char *name = n->value.name;

    if (n->value.flat)
        return;
    if (steps > 1)
        name = onnx_turn(n->to, name, 0, 2, 1);
    pass_on(n, onnx_op_set(n->to, "Flatten", name, "axis", 1), true);
}

/* Weights and bias of every step: of flat values a product, else a convolution of width 1. */
static struct nn_onnx_value dense(struct nn_onnx *n, struct nn_onnx_value v, const float *own,
                                  size_t in, size_t out)
{
    const size_t sides[] = {out, in, 1};
    const char *const weights = onnx_floats(n->to, v.flat ? 2 : 3, sides, own),
                      *const bias = onnx_floats(n->to, 1, &out, own + out * in);

    onnx_begin(n->to, v.flat ? "Gemm" : "Conv");
    onnx_take(n->to, v.name);
    onnx_take(n->to, weights);
    onnx_take(n->to, bias);
    if (v.flat)
        onnx_set(n->to, "transB", 1);
    return (struct nn_onnx_value){onnx_give(n->to), v.flat};
}

static const char *conv(struct nn_onnx *n, const struct nn_layer *l, const char *x,
                        const float *weights, const float *bias, const int64_t padding[2])
{
    const size_t sides[] = {l->out.channels, l->in.channels, l->width};
    const int64_t dilation = (int64_t)l->dilation;
    const char *const w = onnx_floats(n->to, 3, sides, weights), *const b = onnx_floats(
                                                                     n->to, 1, sides, bias);

    onnx_begin(n->to, "Conv");
    onnx_take(n->to, x);
    onnx_take(n->to, w);
    onnx_take(n->to, b);
    onnx_set_list(n->to, "dilations", 1, &dilation);
    onnx_set_list(n->to, "pads", 2, padding);
    return onnx_give(n->to);
}

/* Padded so that the steps stay as many, evenly, an odd one at the end. */
static void put_conv(struct nn_onnx *n, size_t i)
{
    const struct nn_layer *const l = &n->plan->layers[i];
    const float *const own = own_params(n, i);
    const int64_t padding[2] = {(int64_t)(reach(l) / 2), (int64_t)(reach(l) - reach(l) / 2)};

    pass_on(n, conv(n, l, by_steps(n, n->value), own, own + nn_layer_parts(l).weights, padding),
            false);
}

/* The inputs before these, which a causal layer keeps, with these behind them; and the last of both
 * are kept. */
static const char *behind_kept(struct nn_onnx *n, size_t i, const char *x)
{
    const struct nn_layer *const l = &n->plan->layers[i];
    struct onnx *const to = n->to;
    const int64_t shape[] = {0, (int64_t)l->in.channels, (int64_t)reach(l)}; /* 0: as it is */
    const int64_t first = -(int64_t)reach(l), end = INT64_MAX, axis = 2;
    const size_t three = 3, one = 1;
    const char *const kept =
        onnx_op(to, "Reshape", n->before[i], onnx_ints(to, 1, &three, shape), NULL);

    onnx_begin(to, "Concat");
    onnx_take(to, kept);
    onnx_take(to, x);
    onnx_set(to, "axis", axis);
    const char *const all = onnx_give(to);
    const char *const from = onnx_ints(to, 1, &one, &first),
                      *const upto = onnx_ints(to, 1, &one, &end),
                      *const which = onnx_ints(to, 1, &one, &axis);
    onnx_begin(to, "Slice");
    onnx_take(to, all);
    onnx_take(to, from);
    onnx_take(to, upto);
    onnx_take(to, which);
    const char *const last = onnx_give(to);
    n->after[i] = onnx_op_set(to, "Flatten", last, "axis", 1);
    return all;
}

static void put_causal(struct nn_onnx *n, size_t i)
{
    const struct nn_layer *const l = &n->plan->layers[i];
    const struct nn_parts parts = nn_layer_parts(l);
    const float *const own = own_params(n, i);
    const bool keeps = n->before && reach(l) > 0;
    const int64_t padding[2] = {keeps ? 0 : (int64_t)reach(l), 0};
    const char *x = by_steps(n, n->value);
    float *const weights = mem_alloc(parts.weights, sizeof *weights);

    if (keeps)
        x = behind_kept(n, i, x);
    nn_norm_forward(l, own, weights);
    pass_on(n, conv(n, l, x, weights, own + parts.weights + parts.lengths, padding), false);
    free(weights);
}

static void put_pool(struct nn_onnx *n, size_t i)
{
    const int64_t width = (int64_t)n->plan->layers[i].width;
    const char *const x = by_steps(n, n->value);

    onnx_begin(n->to, "MaxPool");
    onnx_take(n->to, x);
    onnx_set_list(n->to, "kernel_shape", 1, &width);
    onnx_set_list(n->to, "strides", 1, &width);
    pass_on(n, onnx_give(n->to), false);
}

/* From a row an input, three gates of outputs in each, to a row an output. */
static const char *turned_weights(struct onnx *to, const float *own, size_t in, size_t out)
{
    const size_t sides[] = {1, 3 * out, in};
    float *const turned = mem_alloc(3 * out * in, sizeof *turned);

    for (size_t i = 0; i < in; i++)
        for (size_t o = 0; o < 3 * out; o++)
            turned[o * in + i] = own[i * 3 * out + o];
    const char *const name = onnx_floats(to, 3, sides, turned);
    free(turned);
    return name;
}

/* ONNX has a bias of the inputs and one of the states for each gate; here only that of the last
 * gate's states differs from 0. */
static const char *gru_bias(struct onnx *to, const float *own, size_t out)
{
    const size_t sides[] = {1, 6 * out};
    float *const bias = mem_zero(6 * out, sizeof *bias);

    memcpy(bias, own, 3 * out * sizeof *bias);
    memcpy(bias + 5 * out, own + 3 * out, out * sizeof *bias);
    const char *const name = onnx_floats(to, 2, sides, bias);
    free(bias);
    return name;
}

/* The order of the gates is ONNX's, too, and its steps come first. */
static void put_gru(struct nn_onnx *n, size_t i)
{
    const size_t in = n->plan->layers[i].in.channels, out = n->plan->layers[i].out.channels;
    const float *const own = own_params(n, i);
    struct onnx *const to = n->to;
    const char *const x = onnx_turn(to, by_steps(n, n->value), 2, 0, 1);
    const char *const of_inputs = turned_weights(to, own, in, out),
                      *const of_states = turned_weights(to, own + in * 3 * out, out, out),
                      *const bias = gru_bias(to, own + (in + out) * 3 * out, out),
                      *const before =
                          n->before ? onnx_op_axis(to, "Unsqueeze", n->before[i], 0) : "";

    onnx_begin(to, "GRU");
    onnx_take(to, x);
    onnx_take(to, of_inputs);
    onnx_take(to, of_states);
    onnx_take(to, bias);
    onnx_take(to, ""); /* all sequences are as long */
    onnx_take(to, before);
    onnx_set(to, "hidden_size", (int64_t)out);
    onnx_set(to, "linear_before_reset", 1);
    const char *const y = onnx_give(to), *const last = n->before ? onnx_give(to) : NULL;
    if (last)
        n->after[i] = onnx_op_axis(to, "Squeeze", last, 0);
    pass_on(n, onnx_turn(to, onnx_op_axis(to, "Squeeze", y, 1), 1, 2, 0), false);
}

void nn_onnx_embed(struct nn_onnx *n, size_t i, const char *integers)
{
    const struct nn_layer *const l = &n->plan->layers[i];
    const size_t sides[] = {l->width, l->out.channels};
    const char *const rows = onnx_floats(n->to, 2, sides, own_params(n, i)), *const y = onnx_op(
                                                                                 n->to, "Gather",
                                                                                 rows, integers,
                                                                                 NULL);

    pass_on(n, onnx_turn(n->to, y, 0, 2, 1), false);
}

/* A number that is none of the kinds counts as 0. */
static void put_embed(struct nn_onnx *n, size_t i)
{
    struct onnx *const to = n->to;
    const float least = 0, end = (float)n->plan->layers[i].width;
    const int64_t zero = 0;
    const char *const x = onnx_op_axis(to, "Squeeze", by_steps(n, n->value), 1);
    const char *const not_below =
        onnx_op(to, "GreaterOrEqual", x, onnx_floats(to, 0, NULL, &least), NULL);
    const char *const below = onnx_op(to, "Less", x, onnx_floats(to, 0, NULL, &end), NULL);
    const char *const is_kind = onnx_op(to, "And", not_below, below, NULL);
    const char *const integer = onnx_op_set(to, "Cast", x, "to", ONNX_INT64);

    nn_onnx_embed(n, i, onnx_op(to, "Where", is_kind, integer, onnx_ints(to, 0, NULL, &zero)));
}

static void put_join(struct nn_onnx *n, size_t i)
{
    nn_onnx_flatten(n, n->plan->layers[i].in.steps);
    onnx_begin(n->to, "Concat");
    onnx_take(n->to, n->value.name);
    onnx_take(n->to, n->extra);
    onnx_set(n->to, "axis", 1);
    pass_on(n, onnx_give(n->to), true);
}

static void put_merge(struct nn_onnx *n, size_t i)
{
    const struct nn_layer *const l = &n->plan->layers[i];
    struct nn_onnx_value added = n->fork;
    const bool flat = added.flat && n->value.flat;

    if (l->n_params > 0)
        added = dense(n, added, own_params(n, i), l->width, l->out.channels);
    const char *const x = flat ? n->value.name : by_steps(n, n->value), *const y =
                                                                            flat ? added.name
                                                                                 : by_steps(n,
                                                                                            added);
    pass_on(n, onnx_op(n->to, "Relu", onnx_op(n->to, "Add", x, y, NULL), NULL, NULL), flat);
}

void nn_onnx_layer(struct nn_onnx *n, size_t i)
{
    const struct nn_layer *const l = &n->plan->layers[i];

    switch (l->kind) {
    case NN_CONV:
        put_conv(n, i);
        break;
    case NN_CAUSAL:
        put_causal(n, i);
        break;
    case NN_POOL:
        put_pool(n, i);
        break;
    case NN_RELU:
        pass_on(n, onnx_op(n->to, "Relu", n->value.name, NULL, NULL), n->value.flat);
        break;
    case NN_FLATTEN:
        nn_onnx_flatten(n, l->in.steps);
        break;
    case NN_JOIN:
        put_join(n, i);
        break;
    case NN_DENSE:
        n->value = dense(n, n->value, own_params(n, i), l->in.channels, l->out.channels);
        break;
    case NN_EMBED:
        put_embed(n, i);
        break;
    case NN_GRU:
        put_gru(n, i);
        break;
    case NN_FORK:
        n->fork = n->value;
        break;
    case NN_MERGE:
        put_merge(n, i);
        break;
    case NN_DROPOUT:
    case NN_KIND_COUNT:
        break;
    }
}
