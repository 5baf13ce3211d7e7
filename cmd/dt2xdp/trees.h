/* The trees as code: branches, or arrays of nodes that a loop walks. */
#ifndef DT2XDP_TREES_H
#define DT2XDP_TREES_H

#include "model.h"
#include "options.h"
#include "out.h"

/* Writes `classify`, and what it needs. */
void trees_write(const struct model *m, enum code_style style, struct out *out);

#endif
