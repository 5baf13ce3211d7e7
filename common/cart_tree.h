/* From a grown tree to the model's. */
#ifndef WEIR_CART_TREE_H
#define WEIR_CART_TREE_H

#include "cart_grow.h"
#include "cart_sample.h"
#include "model.h"

/* What is kept of a grown tree; the sample is the one it was grown on. The tree's parts are freed
 * by model_free() or tree_destroy(). */
struct tree tree_make(const struct grown *g, const struct sample *s);
void tree_destroy(struct tree *t);

#endif
