/* Memory: how much of one series stands in another word for word. */
#ifndef WEIR_TRAFCMP_COPIED_H
#define WEIR_TRAFCMP_COPIED_H

#include "dist.h"
#include "series.h"

#include <stddef.h>

/* The share of synth's runs of `packets` packets of one flow that stand in real just so: the same
 * directions, lengths and bins of time. NaN where synth or real has no such run. Runs are told
 * apart by 64-bit hashes. */
double copied_share(const struct series *real, const struct series *synth, size_t packets,
                    const struct bins *times);

#endif
