/* The layers of a network as nodes of ONNX.
 *
 * What passes between two is flat, batch x channels, or goes by steps: batch x channels x steps, an
 * order of ONNX's own (nn_net.h has the channels last). Dropout drops nothing here and leaves no
 * trace. */
#ifndef WEIR_NN_ONNX_H
#define WEIR_NN_ONNX_H

#include "nn_plan.h"
#include "onnx.h"

#include <stdbool.h>

struct nn_onnx_value {
    const char *name;
    bool flat;
};

struct nn_onnx {
    struct onnx *to;
    const struct nn_plan *plan;
    const float *params;
    const char *extra;          /* for join: batch x the plan's further numbers */
    struct nn_onnx_value value; /* what comes out of the last layer; at first, what goes in */

    /* What a layer keeps of earlier steps, batch x nn_onnx_keeps() numbers, an item a layer: before
     * these steps, to be filled in by the caller; and after them, which nn_onnx_layer() fills in.
     * Both NULL: the steps are all that there is. */
    const char *const *before;
    const char **after;

    struct nn_onnx_value fork; /* what went into the last fork */
};

/* How many numbers a layer keeps; 0 for one that looks at its own step alone. */
size_t nn_onnx_keeps(const struct nn_layer *l);

/* Layer i, from n->value to n->value. */
void nn_onnx_layer(struct nn_onnx *n, size_t i);

/* In the place of an embed layer at the beginning, where what goes in are the integers themselves,
 * batch x steps. */
void nn_onnx_embed(struct nn_onnx *n, size_t i, const char *integers);

/* Makes n->value, of so many steps, flat, the channels of each step side by side. */
void nn_onnx_flatten(struct nn_onnx *n, size_t steps);

#endif
