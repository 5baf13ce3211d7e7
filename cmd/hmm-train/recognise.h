/* Series scored by a model. */
#ifndef WEIR_RECOGNISE_H
#define WEIR_RECOGNISE_H

#include "options.h"

/* Copies the table to out with the columns `state` and `log_likelihood`; totals go to standard
 * error. */
bool recognise(const struct options *options, struct out *out, struct err *e);

#endif
