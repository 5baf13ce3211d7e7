/* Packets on their way from the reading thread to the partitions, some thousand at a time. */
#ifndef PCAP2FEAT_FLOW_BATCH_H
#define PCAP2FEAT_FLOW_BATCH_H

#include "arena.h"
#include "prefetch.h"
#include "record.h"

enum { PARTITIONS = 64, BATCH_PACKETS = 2048, BATCH_PAYLOAD = 1 << 20 };

/* A packet and what the reading thread knows of it. Most of what goes from one processor to another
 * are these. */
struct arrival {
    struct packet packet;
    uint64_t clock;    /* when it came */
    const char *class; /* NULL: none */
    uint32_t origin;   /* where it comes from, by number */
    bool high;         /* its sender is the high end of the key */
    bool ambiguous;    /* why it has no class */
};

_Static_assert(sizeof(struct arrival) == (size_t)2 * CACHE_LINE,
               "no line has parts of two packets");

/* What comes after the packets of a batch, for all partitions alike. */
struct mark {
    uint64_t clock;
    bool ends;            /* all flows end */
    enum flow_end reason; /* where they do */
};

struct batch {
    struct arrival all[BATCH_PACKETS];
    uint8_t partition[BATCH_PACKETS]; /* of each */
    size_t n;
    uint16_t order[BATCH_PACKETS];  /* by partition, each in the order in which they came */
    uint16_t first[PARTITIONS + 1]; /* of each partition's in that order */
    struct mark mark;
    uint8_t *payload; /* of the packets, where it is kept; NULL: none */
    size_t used, room;
    struct part_context *context; /* of their flows, as of each; NULL: not asked for */
};

/* payload: that of the packets is kept; context: there is room for it. The arena must outlive it.
 * Freed with batch_free(). */
struct batch *batch_new(struct arena *arena, bool payload, bool context);
void batch_free(struct batch *b);

/* Room for one more packet whose captured payload is so long. */
static inline bool batch_has_room(const struct batch *b, size_t payload)
{
    return b->n < BATCH_PACKETS && (!b->payload || b->n == 0 || payload <= b->room - b->used);
}

/* Adds the packet that was filled in at all[n] and partition[n]; where the payload is kept, it is
 * from now on that of the batch. */
void batch_add(struct batch *b);

/* No more packets come: puts them in order. */
void batch_close(struct batch *b, const struct mark *m);

/* For the next packets. */
void batch_clear(struct batch *b);

#endif
