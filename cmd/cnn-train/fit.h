/* The training itself, epoch by epoch. */
#ifndef WEIR_CNN_TRAIN_FIT_H
#define WEIR_CNN_TRAIN_FIT_H

#include "cnn.h"
#include "nn_log.h"
#include "options.h"
#include "pool.h"
#include "samples.h"

/* The parameters of a member to begin with: drawn, or from that of another model, whose classes
 * come first and whose layers are the same; the outputs of new classes are drawn. */
void fit_start(struct cnn *m, const struct cnn *from, size_t member);

/* Learns a member's parameters. Writes the epochs of the first to --curve. False with *e. */
bool fit_run(struct cnn *m, size_t member, const struct samples *s, const struct options *o,
             struct pool *pool, struct nn_log_summary *summary, struct err *e);

#endif
