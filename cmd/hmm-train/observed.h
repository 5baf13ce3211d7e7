/* The packets that a chain is fitted to, in order, flow after flow. Where a series repeats the same
 * few packets (whole milliseconds, few sizes), each stands once, so that its densities under a
 * model are worked out once. */
#ifndef WEIR_OBSERVED_H
#define WEIR_OBSERVED_H

#include "blur.h"
#include "series.h"

struct packet {
    struct point p;
    uint16_t len;
    uint16_t length; /* the place of len in lengths[] */
    bool forward;
    uint8_t blur; /* the place of its time's blur in blurs */
};

struct observed {
    const struct series *s;
    size_t n, n_flows;
    uint64_t *starts; /* a bit a packet: the first of its flow */
    uint8_t *blur;    /* of each packet */
    struct blurs blurs;

    struct packet *distinct; /* NULL, as is id, where packets hardly repeat */
    size_t n_distinct;
    uint32_t *id; /* of each packet: its place in distinct */

    uint16_t *lengths; /* ascending */
    size_t n_lengths;
    uint16_t *length_of; /* of every length up to SERIES_MAX_LEN that occurs: its place */
};

/* `joint`: packets that differ in direction alone are two; `exact`: their lengths and times were
 * not rounded. The series must stay. Freed with observed_free(). */
struct observed *observed_new(const struct series *s, bool joint, bool exact);
void observed_free(struct observed *o);

/* Packet t, whether it begins a flow, and whether it ends one. */
struct packet observed_at(const struct observed *o, size_t t);
bool observed_starts(const struct observed *o, size_t t);
bool observed_ends(const struct observed *o, size_t t);

#endif
