/* What the model knows: Gaussians on the last hidden layer of each member, of all rows that trained
 * it, and how far from them a flow is unknown. */
#ifndef WEIR_CNN_TRAIN_FAMILIAR_H
#define WEIR_CNN_TRAIN_FAMILIAR_H

#include "cnn.h"
#include "pool.h"
#include "samples.h"

/* How new the rows are that did not train, by the members so far. */
struct familiar;

/* For n rows. Freed with familiar_free(). */
struct familiar *familiar_new(size_t n);
void familiar_free(struct familiar *f);

/* Sets the Gaussians of a member whose network is trained: around rows of each class; a class
 * without rows keeps the points that it had in `from` (NULL: there is none such). The covariance is
 * that of all rows around the means of their classes, shrunk towards a multiple of the identity
 * (Ledoit and Wolf, 2004). False with *e. */
bool familiar_fit(struct familiar *f, struct cnn *m, const struct cnn *from, size_t member,
                  const struct samples *s, struct pool *pool, struct err *e);

/* Sets the threshold, once all members are fitted: of the validation rows (without any, of the
 * training rows) the share `rate` at most is beyond it, each by the members that it did not train.
 */
void familiar_settle(struct familiar *f, struct cnn *m, double rate);

#endif
