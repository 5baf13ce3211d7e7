/* Flows that have ended and wait for their turn: rows come in the order of the times at which the
 * flows were found ended, then of their starts, then of their keys. */
#ifndef PCAP2FEAT_FLOW_ENDED_H
#define PCAP2FEAT_FLOW_ENDED_H

#include "store.h"

struct ended_flow {
    bool last; /* found with the end of the input, after all others */
    uint64_t found, start;
    uint64_t serial; /* order of what is else equal */
    struct store *store;
    uint32_t place;
};

struct ended {
    struct ended_flow *all;
    size_t n, cap;
    uint64_t serial;
};

void ended_add(struct ended *e, struct store *store, uint32_t place, uint64_t found, bool last);

typedef void row_fn(void *context, struct flow *f);

/* Calls row() for those found before the time, or for all, in order, and releases them. */
void ended_write(struct ended *e, uint64_t before, row_fn *row, void *context);
void ended_write_all(struct ended *e, row_fn *row, void *context);
void ended_free(struct ended *e);

#endif
