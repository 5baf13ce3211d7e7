/* The statistics of one flow, packet by packet, and its row: those of pcap2feat's flow columns that
 * lengths, times and directions alone give, and the same to the last digit. */
#ifndef SEQ2FLOW_FLOW_H
#define SEQ2FLOW_FLOW_H

#include "packets.h"
#include "table.h"

struct flow;

/* A flow that begins with a packet, which is not added. places: of its sequence. kept: the texts of
 * the columns that are passed on, copied. Freed with flow_free(). */
struct flow *flow_new(const struct packet_row *first, const struct span *kept, size_t n_kept,
                      unsigned places);
void flow_free(struct flow *f);

/* Adds a packet. *backwards: it is earlier than one before; the gap is 0 then. */
void flow_add(struct flow *f, const struct packet_row *p, unsigned places, bool *backwards);

uint64_t flow_packets(const struct flow *f);

/* That of its first packet. */
const char *flow_label(const struct flow *f);

/* Whether one of the columns below has that name. */
bool flow_has_column(const char *name, unsigned places);

/* The names of the columns between the kept ones and the class, and a flow's values. */
void flow_put_header(struct table_writer *w, unsigned places);
void flow_put_row(const struct flow *f, struct table_writer *w, unsigned places);

/* The texts that the flow begins with: its name, and then those that were kept. */
void flow_put_name(const struct flow *f, struct table_writer *w);
void flow_put_kept(const struct flow *f, struct table_writer *w);

#endif
