/* What a neural network is made of: its layers as a text, the shape of what passes between them,
 * and where each keeps its parameters.
 *
 * A sample is `steps` places of `channels` numbers each, a row a place. Layers, separated by
 * commas, numbers by colons:
 *
 *     conv:OUT:WIDTH[:DILATION]    1-D convolution, padded so that the steps stay as many
 *     causal:OUT:WIDTH[:DILATION]  the same, but a step sees only itself and those before it; its
 *                                  weights are normalised (Salimans and Kingma, 2016)
 *     pool:N                       the greatest of each N steps; a rest at the end is left out
 *     relu                         max(x, 0)
 *     dropout:P                    in training, each number is 0 with probability P
 *     flatten                      all steps become the channels of one
 *     join                         the sample's further numbers become channels, too
 *     dense:OUT                    each step's channels, weighted and summed
 *     embed:KINDS:OUT              the step's one channel is a number below KINDS; OUT weights each
 *     gru:OUT                      gated recurrent unit, linear before reset (Cho et al., 2014, as
 *                                  cuDNN and PyTorch have it)
 *     fork … merge                 what goes into fork is added to what goes into merge (through a
 *                                  dense layer where the channels differ), then max(x, 0)
 */
#ifndef WEIR_NN_PLAN_H
#define WEIR_NN_PLAN_H

#include "err.h"
#include "rng.h"

#include <stddef.h>

enum nn_kind {
    NN_CONV,
    NN_CAUSAL,
    NN_POOL,
    NN_RELU,
    NN_DROPOUT,
    NN_FLATTEN,
    NN_JOIN,
    NN_DENSE,
    NN_EMBED,
    NN_GRU,
    NN_FORK,
    NN_MERGE,
    NN_KIND_COUNT
};

struct nn_shape {
    size_t steps, channels;
};

/* Limits: of layers, of each number in their text, of the numbers of a sample between two layers,
 * and between all (a text of few bytes may ask for much memory), of parameters. */
enum {
    NN_MOST_LAYERS = 256,
    NN_MOST_SIDE = 65536,
    NN_MOST_NUMBERS = 1 << 20,
    NN_MOST_BETWEEN = 1 << 22,
    NN_MOST_PARAMS = 1 << 28,
};

struct nn_layer {
    enum nn_kind kind;
    struct nn_shape in, out;
    size_t width, dilation; /* of convolutions; width: N of a pool, too */
    double drop;
    size_t from;            /* of a merge: its fork's place among the layers */
    size_t first, n_params; /* its parameters */
};

struct nn_plan {
    char *text;
    struct nn_shape in, out;
    size_t extra; /* further numbers of a sample, for join */
    struct nn_layer *layers;
    size_t n_layers;
    size_t n_params;
};

/* NULL with *e, which names the layer. extra > 0 asks for exactly one join. Freed with
 * nn_plan_free(). */
struct nn_plan *nn_plan_new(const char *text, struct nn_shape in, size_t extra, struct err *e);
void nn_plan_free(struct nn_plan *p);

/* Fills parameters (n_params of them): uniform within 1 / sqrt(inputs of a unit), embeddings
 * normal. */
void nn_plan_start(const struct nn_plan *p, float *params, struct rng *r);

/* Where the parts of a layer's parameters lie, from its first on; what a layer has not, has none.
 *
 *     conv    weights (OUT, IN, WIDTH), bias (OUT)
 *     causal  directions (OUT, IN, WIDTH), lengths (OUT), bias (OUT)
 *     dense   weights (OUT, IN), bias (OUT)
 *     merge   as dense, where the channels differ
 *     embed   weights (KINDS, OUT)
 *     gru     weights of inputs (IN, 3, OUT) and of states (OUT, 3, OUT), gates in the order
 *             update, reset, new; bias (4, OUT), the last of the new gate's state
 */
struct nn_parts {
    size_t weights, states, lengths, bias; /* their numbers */
};
struct nn_parts nn_layer_parts(const struct nn_layer *l);

#endif
