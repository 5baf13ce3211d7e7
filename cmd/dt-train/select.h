/* Which splits of a grown tree stay under the limits that are set after growing: leaves, pruning,
 * merging. */
#ifndef WEIR_DT_TRAIN_SELECT_H
#define WEIR_DT_TRAIN_SELECT_H

#include "cart_grow.h"
#include "model.h"
#include "options.h"

#include <stddef.h>

struct selector;

/* m gives the weights of the classes. All must outlive the selector. Freed with selector_free(). */
struct selector *selector_new(struct grown *g, const struct options *o, const struct model *m);
void selector_free(struct selector *s);

/* Sets `kept` for at most max_leaves leaves, SIZE_MAX: no limit. May be called again with another
 * number. */
void selector_keep(struct selector *s, size_t max_leaves);

/* The leaves of the whole tree, merged where leaves are. */
size_t selector_all(const struct selector *s);

#endif
