/* The packets of a long table, a row each: columns by name, time in ns, direction by its values. */
#ifndef SEQ2FLOW_PACKETS_H
#define SEQ2FLOW_PACKETS_H

#include "options.h"
#include "table.h"

/* Its texts stay valid until the next one is read. */
struct packet_row {
    struct span flow, label; /* label: n is 0 where there is none */
    uint64_t ts;             /* ns, at most 2^63 - 1 */
    uint16_t len;
    bool forward;
};

struct packets;

/* Finds the columns. NULL with *e. The table and the options must outlive it. Freed with
 * packets_free(). */
struct packets *packets_new(struct table *t, const struct options *o, struct err *e);
void packets_free(struct packets *p);

bool packets_have_label(const struct packets *p);

/* The columns of --pass: how many, and which. */
size_t packets_kept(const struct packets *p);
size_t packets_kept_column(const struct packets *p, size_t i);

/* The next packet. */
enum table_status packets_next(struct packets *p, struct packet_row *row, struct err *e);

/* Times that had digits below a nanosecond, which were cut off. */
uint64_t packets_cut(const struct packets *p);

#endif
