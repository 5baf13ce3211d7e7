/* The packets of a table. */
#ifndef TRAFGEN_PACKETS_TABLE_H
#define TRAFGEN_PACKETS_TABLE_H

#include "options.h"
#include "packets.h"
#include "table.h"

#include <stdint.h>

/* What was noted while reading. */
struct packets_table_facts {
    uint64_t backwards; /* times before the flow's previous packet: taken as that one's */
    enum table_format format;
};

/* Reads a table whole, which it closes: 15 bytes a packet, and 8 more where its rows do not stand
 * in order of time. Columns `dir`, `len`, maybe `flow`, and one that says when:
 *
 *   ts       epoch seconds
 *   iat      each flow has a clock that its rows move on (an empty one by 0)
 *   dir_iat  each direction of a flow has; both begin with the flow, and where packets fall
 *            together, those forward come first
 *
 * Without ts, a flow is shifted so that its first packet stands at the flow's start: the o->start
 * (or its default) plus the o->arrivals. With ts, all is shifted by as much if o->has_start. NULL
 * with *e. */
struct packets *packets_table_read(struct table *t, const struct options *o,
                                   struct packets_table_facts *facts, struct err *e);

#endif
