/* From a series to its mixtures. */
#ifndef GMM_TRAIN_TRAIN_H
#define GMM_TRAIN_TRAIN_H

#include "err.h"
#include "gmm.h"
#include "options.h"
#include "pool.h"
#include "series.h"
#include "textbuf.h"

/* The model, and the table of scores in *scores. NULL with *e. */
struct gmm *train(const struct series *s, const struct options *o, struct pool *pool,
                  struct textbuf *scores, struct err *e);

#endif
