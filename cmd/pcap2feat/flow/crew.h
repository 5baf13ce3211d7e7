/* The threads that work on the lanes. The thread that fills the batches also takes the pieces, and
 * works on lanes itself while it would have to wait. */
#ifndef PCAP2FEAT_FLOW_CREW_H
#define PCAP2FEAT_FLOW_CREW_H

#include "lane.h"

struct crew;

/* The arena, and the lanes, one for each partition, must outlive it. threads: at least 1, the
 * caller's included. payload, context: are kept in the batches. Freed with crew_free(). */
struct crew *crew_new(struct arena *arena, struct lane **lanes, unsigned threads, bool payload,
                      bool context);
void crew_free(struct crew *c);

/* How many batches are on their way at most. */
unsigned crew_depth(const struct crew *c);

/* The batch to be filled; fewer than crew_depth() may be on their way. It goes with
 * crew_publish(). */
struct batch *crew_batch(struct crew *c);
void crew_publish(struct crew *c);

/* The next piece of a lane for the batch of that number, which is the oldest on its way; NULL:
 * there are no more. */
const struct piece *crew_piece(struct crew *c, unsigned lane, uint64_t batch);
void crew_piece_done(struct crew *c, unsigned lane);

#endif
