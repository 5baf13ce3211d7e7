/* The columns of a table with a row for each flow: chosen by name, printed one function a column.
 */
#ifndef PCAP2FEAT_FLOW_COLUMNS_H
#define PCAP2FEAT_FLOW_COLUMNS_H

#include "err.h"
#include "feature.h"
#include "flow_view.h"
#include "out.h"
#include "textbuf.h"

#include <stdbool.h>

struct flow_columns;

/* The columns of a comma-separated list of names; places: packets of --first-packets, 0 without.
 * NULL with *e when a name is unknown, stands twice, is no flow column, or is of a packet behind
 * the places. Freed with flow_columns_free(). */
struct flow_columns *flow_columns_new(const char *list, unsigned places, enum table_format format,
                                      struct err *e);
void flow_columns_free(struct flow_columns *c);

/* All columns, or those by default, as a list; extra: COLUMN_…, what there is besides. Freed by the
 * caller. */
char *flow_columns_all(unsigned places, unsigned extra);
char *flow_columns_default(unsigned places, unsigned extra);

/* A list where each name that ends in _N stands for its columns, as many as there are places; then
 * more (NULL: none). Freed by the caller. */
char *flow_columns_listed(const char *list, const char *more, unsigned places, unsigned extra);

bool flow_columns_have(const struct flow_columns *c, enum feature_id id);

/* The parts of a record that the columns need, as bits; PART_ENDS apart. */
unsigned flow_columns_need(const struct flow_columns *c);

/* The facts among them, as fact_bit(). */
uint64_t flow_columns_facts(const struct flow_columns *c);

void flow_columns_header(const struct flow_columns *c, struct out *o);

/* Appends a row; the text gets no NUL. */
void flow_columns_row(const struct flow_columns *c, const struct flow_view *v, struct textbuf *t);

#endif
