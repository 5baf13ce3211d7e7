/* Where EM begins: k-means, begun by k-means++ (Arthur and Vassilvitskii, "k-means++: the
 * advantages of careful seeding", 2007, with several candidates a centre, as they suggest). */
#ifndef GMM_TRAIN_START_H
#define GMM_TRAIN_START_H

#include "em.h"
#include "rng.h"
#include "sample.h"

/* The Gaussians of k clusters (k <= s->n), none empty, with eigenvalues of at least `floor`: sets
 * x->k, x->weights and x->components, which the caller frees. Distances are those of the plane with
 * lengths times `stretch`: the more, the more clusters are one length. */
void start_mixture(const struct sample *s, size_t k, double floor, double stretch, struct rng *rng,
                   struct em_mixture *x);

#endif
