/* Flows of a partition that have ended and wait for their turn: rows come in the order of the times
 * at which the flows were found ended, then of their starts, then of their keys. */
#ifndef PCAP2FEAT_FLOW_ENDED_H
#define PCAP2FEAT_FLOW_ENDED_H

#include "store.h"

struct ended_flow {
    uint64_t found, start;
    uint32_t place;
    bool last; /* found with the end of the input, after all others */
};

/* Start with one that is zero but for the arena, which must outlive it and has all of the memory.
 */
struct ended {
    struct arena *arena;
    struct ended_flow *all;
    size_t n, cap;
    size_t next, due; /* in order from the former up to the latter */
};

/* Room for so many more at once. */
void ended_reserve(struct ended *e, size_t n);

void ended_add(struct ended *e, const struct ended_flow *f);

/* Those found before the time are due, in order; all are where more than `most` would be left. None
 * must be due yet. */
void ended_sort(struct ended *e, const struct store *s, uint64_t before, size_t most);

/* The next that is due, or NULL: none is due any more. */
const struct ended_flow *ended_next(struct ended *e);

/* The one that is next after n others that are due, or NULL. */
const struct ended_flow *ended_later(const struct ended *e, size_t n);

/* The order: below, above or 0. */
int ended_compare(const struct ended_flow *a, const struct flow_key *a_key,
                  const struct ended_flow *b, const struct flow_key *b_key);

#endif
