/* The tree or the forest whose table fits a number of entries. */
#ifndef WEIR_DT_TRAIN_FIT_ENTRIES_H
#define WEIR_DT_TRAIN_FIT_ENTRIES_H

#include "entries.h"
#include "err.h"
#include "model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Puts trees of at most max_leaves leaves each into the model, in place of those that stand there.
 */
typedef void fit_trees_fn(void *context, struct model *m, size_t max_leaves);

/* Leaves m with the most leaves, up to max_leaves a tree, with which it needs no more than
 * max_entries entries. A tree that has the fewest errors for its number of leaves only gets better
 * on its training rows with more of them, so of those that grow() makes this is the one that says
 * most right. Where an entry is a leaf (ranges, no default class) no pruning of the grown tree says
 * more.
 *
 * More leaves need more entries, but for the few that a default class, a shared threshold or a
 * prefix saves here and there: the limit is found by halving, and FIT_LOOK sizes beyond it are
 * tried in case one of them fits again. False with *e where not even one leaf a tree fits. */
bool fit_entries(struct model *m, uint64_t max_entries, const struct entries_options *encoding,
                 size_t max_leaves, fit_trees_fn *grow, void *context, struct err *e);

enum { FIT_LOOK = 8 };

#endif
