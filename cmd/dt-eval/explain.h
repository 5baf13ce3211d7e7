/* --explain: for each row the tests it passes on its way to a leaf. */
#ifndef WEIR_DT_EVAL_EXPLAIN_H
#define WEIR_DT_EVAL_EXPLAIN_H

#include "input.h"
#include "out.h"

bool explain_run(struct input *in, const struct options *o, struct out *out, struct err *e);

#endif
