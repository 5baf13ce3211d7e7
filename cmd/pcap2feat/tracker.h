/* What went before a packet: the previous packet of its flow, of its direction, of its capture. */
#ifndef PCAP2FEAT_TRACKER_H
#define PCAP2FEAT_TRACKER_H

#include "row.h"
#include "selection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tracker;

/* needs: enum need bits; what is not needed is not tracked. The selection must outlive the
 * tracker. Freed with tracker_free(). */
struct tracker *tracker_new(unsigned needs, const struct selection *s, size_t max_flows);
void tracker_free(struct tracker *t);

/* A new capture begins: nothing of the one before it is remembered. */
void tracker_begin(struct tracker *t);

/* Fills flow, forward, both, same and capture of a row from its origin and packet, and remembers
 * the packet.
 * *missing: the NEED_PREVIOUS bits for which nothing precedes it. False, and nothing is remembered,
 * when the packet is not of the selection. */
bool tracker_step(struct tracker *t, struct row *r, unsigned *missing);

uint64_t tracker_backwards(const struct tracker *t); /* packets before which time ran backwards */
size_t tracker_count(const struct tracker *t);       /* flows remembered */
uint64_t tracker_evicted(const struct tracker *t);

#endif
