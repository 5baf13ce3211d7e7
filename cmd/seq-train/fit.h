/* The training itself, epoch by epoch. */
#ifndef WEIR_SEQ_TRAIN_FIT_H
#define WEIR_SEQ_TRAIN_FIT_H

#include "nn_log.h"
#include "options.h"
#include "parts.h"
#include "pool.h"
#include "seq.h"

/* Learns m->params by m->plan's layers. False with *e. */
bool fit(struct seq *m, const struct parts *p, const struct options *o,
         struct nn_log_summary *summary, struct err *e);

#endif
