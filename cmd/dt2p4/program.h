/* The whole program: its parts in order. */
#ifndef DT2P4_PROGRAM_H
#define DT2P4_PROGRAM_H

#include "err.h"
#include "model.h"
#include "options.h"
#include "out.h"
#include "reactions.h"

#include <stdbool.h>

/* False with *e where the model can't run there. */
bool program_write(const struct model *m, const struct options *o, const struct reaction *reactions,
                   struct out *out, struct err *e);

#endif
