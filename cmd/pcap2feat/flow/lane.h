/* A partition at work: it takes batches in their order and gives pieces of the table, rows in order
 * as text. One thread at a time works on it, whichever has time; one thread takes the pieces. */
#ifndef PCAP2FEAT_FLOW_LANE_H
#define PCAP2FEAT_FLOW_LANE_H

#include "partition.h"

#include <stdatomic.h>

struct row_place {
    struct ended_flow when;
    struct flow_key key;
    size_t end; /* of its text in the piece */
};

/* Some of the rows that are due at the mark of a batch. */
struct piece {
    struct row_place *rows;
    size_t n, cap;
    struct textbuf text;
    uint64_t batch; /* its number */
};

enum { BATCHES = 8 };

/* Batches on their way to all lanes: number n lies at n % BATCHES. It is there when it is below
 * `published`, and stays until all lanes gave all its pieces and these were taken. */
struct batches {
    struct batch *all[BATCHES];
    _Atomic uint64_t published;
};

struct lane;

/* The partition of that number. The calls and the arena must outlive it. Freed, with the partition,
 * by lane_free(). */
struct lane *lane_new(struct arena *arena, struct partition *p, unsigned number,
                      const struct meter_calls *calls);
void lane_free(struct lane *l);
const struct partition *lane_partition(const struct lane *l);

/* Works on it as long as there are batches, up to `most` pieces that wait to be taken. False where
 * another thread does, or there was nothing to do. */
enum { LANE_PIECES = 8 };
bool lane_work(struct lane *l, const struct batches *b, unsigned most);

/* The next piece of the batch of that number, the oldest one whose pieces were not all taken; NULL:
 * there are no more. False: it is not there yet. */
bool lane_piece(const struct lane *l, uint64_t batch, const struct piece **piece);

/* It was taken. True where the lane had no more room. */
bool lane_piece_done(struct lane *l);

#endif
