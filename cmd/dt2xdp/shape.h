/* The trees' shape: which code suits it, and whether the kernel takes that code. */
#ifndef DT2XDP_SHAPE_H
#define DT2XDP_SHAPE_H

#include "err.h"
#include "model.h"
#include "options.h"

#include <stdbool.h>
#include <stddef.h>

/* Levels of splits: 0 for a leaf alone. */
size_t shape_depth(const struct tree *t);

/* Whether the trees are arrays that a loop walks; else they are branches. */
bool shape_walks(const struct model *m, enum code_style style);

/* False with *e, which names what is too large, the limit and a way out, where the kernel would
 * refuse the trees. What it accepts the verifier takes. */
bool shape_fits(const struct model *m, enum code_style style, struct err *e);

#endif
