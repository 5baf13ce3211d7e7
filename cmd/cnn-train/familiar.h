/* What the model knows: Gaussians on the last hidden layer, of all rows that trained, and how far
 * from them a flow is unknown. */
#ifndef WEIR_CNN_TRAIN_FAMILIAR_H
#define WEIR_CNN_TRAIN_FAMILIAR_H

#include "cnn.h"
#include "pool.h"
#include "samples.h"

/* Sets m->unknown but for its `hidden`. Means are those of each class; one without rows keeps the
 * mean that it had in `from` (NULL: there is none such). The covariance is that of all rows around
 * the means of their classes, shrunk towards a multiple of the identity (Ledoit and Wolf, 2004).
 * The threshold is such that of the validation rows (without any, of the training rows) the share
 * `rate` at most is beyond it. False with *e. */
bool familiar_fit(struct cnn *m, const struct cnn *from, const struct samples *s, double rate,
                  struct pool *pool, struct err *e);

#endif
