/* Packets as the rows of a table. */
#ifndef TRAFGEN_ROWS_H
#define TRAFGEN_ROWS_H

#include "out.h"
#include "packets.h"
#include "table.h"

/* Writes all packets with a header: ts, flow, dir, len, dir_iat, iat, and state or token where the
 * packets have one. Returns their number; stops early when the output has failed. */
uint64_t rows_write(struct packets *p, struct out *o, enum table_format format);

#endif
