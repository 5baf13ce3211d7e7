/* Where EM begins: clusters of packets by k-means++ and Lloyd's iterations (Arthur and
 * Vassilvitskii, "k-means++: the advantages of careful seeding", 2007), and the transitions between
 * them. */
#ifndef WEIR_START_H
#define WEIR_START_H

#include "emission.h"

/* What packets are clustered by. */
enum start_by {
    START_PACKET,  /* the packet itself */
    START_CONTEXT, /* it and its neighbours, so that like packets at different places of a pattern
                      fall apart */
    START_STRETCH, /* it and the means of those around it, so that like packets of times of
                      different pace or size fall apart */
    START_KINDS
};

/* A chain of k states, or of fewer where there are fewer distinct packets; its lists are freed as
 * hmm_free() does. At most 65,536 packets, evenly spread, are looked at. */
struct hmm_chain start_chain(const struct emission_kind *kind, const struct observed *o, size_t k,
                             enum start_by by, struct rng *r);

#endif
