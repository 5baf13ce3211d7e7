/* When flows begin that do not say so themselves. */
#ifndef TRAFGEN_STARTS_H
#define TRAFGEN_STARTS_H

#include "options.h"

#include <stddef.h>
#include <stdint.h>

/* The start of each flow, ns since the epoch, ascending; the first is o->start. Freed by the
 * caller. */
uint64_t *starts_new(const struct options *o, size_t n_flows);

#endif
