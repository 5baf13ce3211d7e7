/* Packets of a series in order of time, of one flow or of many: drawn from a model, or the rows of
 * a table. What becomes a row of a table or a frame. */
#ifndef TRAFGEN_PACKETS_H
#define TRAFGEN_PACKETS_H

#include "err.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What of a packet stands in a table. */
struct made {
    uint64_t ts;      /* ns since the epoch */
    uint64_t iat;     /* ns since the flow's previous packet; 0 if `first` */
    uint64_t dir_iat; /* the same of its direction; 0 if `dir_first` */
    uint32_t flow;    /* 0-based */
    uint32_t symbol;  /* the model's state or component, 0-based; see packets_symbol() */
    uint16_t len;
    uint8_t dir; /* SERIES_FORWARD, SERIES_BACKWARD */
    bool first, dir_first;
    bool last; /* of its flow, where that is known */
};

/* The last packets of a flow; begins as {0}. */
struct made_last {
    uint64_t ts[2]; /* by direction */
    bool seen[2];
};

/* Fills in what m, the next packet of the flow, owes to those before it. */
void made_after(struct made *m, struct made_last *last);

enum packets_symbol {
    PACKETS_PLAIN, /* packets have none */
    PACKETS_STATE,
    PACKETS_TOKEN,
};

struct packets;

/* The time of a packet that comes after the last time that 64 bits hold. */
#define PACKETS_PAST UINT64_MAX

struct packets_kind {
    /* False at the end. */
    bool (*next)(void *self, struct made *p);
    void (*rewind)(void *self);

    /* When a flow begins, ns since the epoch: no packet of it comes before. */
    uint64_t (*start)(const void *self, size_t flow);

    /* The name of a flow; NULL: its number, from 1. */
    const char *(*name)(const void *self, size_t flow);
    void (*free)(void *self);
};

/* Takes self over; the kind must outlive it. Freed with packets_free(). */
struct packets *packets_new(const struct packets_kind *kind, void *self, size_t n_flows,
                            enum packets_symbol symbol);
void packets_free(struct packets *p); /* NULL is allowed */

/* Ends after `count` packets (0: never), and before the first packet `duration` ns or more after
 * the first one (0: never). */
void packets_limit(struct packets *p, uint64_t count, uint64_t duration);

bool packets_next(struct packets *p, struct made *m);

/* After the end: false with *e when it came because time stood still (a model whose times are all 0
 * never gets to the end of a duration), or ran out. */
bool packets_done(const struct packets *p, struct err *e);
void packets_rewind(struct packets *p);
size_t packets_flows(const struct packets *p);
enum packets_symbol packets_symbol(const struct packets *p);
uint64_t packets_start(const struct packets *p, size_t flow);
const char *packets_name(const struct packets *p, size_t flow);

#endif
