/* From a grown tree to the model's. */
#ifndef WEIR_DT_TRAIN_TREE_H
#define WEIR_DT_TRAIN_TREE_H

#include "grow.h"
#include "model.h"
#include "sample.h"

/* What is kept of a grown tree; the sample is the one it was grown on. The tree's parts are freed
 * by model_free() or tree_destroy(). */
struct tree tree_make(const struct grown *g, const struct sample *s);
void tree_destroy(struct tree *t);

#endif
