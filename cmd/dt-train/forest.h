/* Forests (Breiman, "Random forests", 2001): trees on rows drawn with replacement, each split from
 * a few features drawn anew. */
#ifndef WEIR_DT_TRAIN_FOREST_H
#define WEIR_DT_TRAIN_FOREST_H

#include "cart_grow.h"
#include "cart_sample.h"
#include "model.h"
#include "options.h"
#include "pool.h"

#include <stddef.h>
#include <stdint.h>

/* Grows o->trees trees of at most max_leaves leaves each into m->trees, which must be empty, the
 * threads side by side on different trees, and sets m->n_trees. Tree i takes its random numbers
 * from the seed and i alone. The sample stays as it is. */
void forest_grow(struct model *m, const struct sample *s, const struct ranking *r,
                 const struct grow_options *grow_options, const struct options *o,
                 size_t max_leaves, struct pool *pool);

/* The rows of the sample whose class the closed model says. */
uint64_t forest_right(const struct model *m, const struct sample *s, const struct ranking *r,
                      struct pool *pool);

#endif
