/* A decision tree as a graphviz digraph. */
#ifndef WEIR_DT_DOT_DRAW_H
#define WEIR_DT_DOT_DRAW_H

#include "model.h"
#include "out.h"

#include <stddef.h>

/* Writes tree `place` (from 0) of the model; splits at depth max_depth and their branches become
 * one folded node (0: the root itself). */
void draw_tree(const struct model *m, size_t place, size_t max_depth, struct out *o);

#endif
