/* --per=flow: packets to the meter, and flows to rows with their file, class and identifier. */
#ifndef PCAP2FEAT_FLOW_PER_FLOW_H
#define PCAP2FEAT_FLOW_PER_FLOW_H

#include "../labels.h"
#include "../options.h"
#include "../tags.h"
#include "capture.h"
#include "out.h"

struct per_flow;

/* The options, and the labels (NULL: none), must outlive it. NULL with *e when the columns are
 * wrong. Freed with per_flow_free(). */
struct per_flow *per_flow_new(const struct options *o, struct labels *labels, struct err *e);
void per_flow_free(struct per_flow *f);

bool per_flow_has_class(const struct per_flow *f);
bool per_flow_has_filters(const struct per_flow *f);
bool per_flow_has_tag(const struct per_flow *f);
bool per_flow_has_context(const struct per_flow *f);

/* Where rows find their tags; before per_flow_open(). */
void per_flow_tags(struct per_flow *f, struct tags *tags);

/* Writes the header; rows go to the same output, which must stay. */
void per_flow_open(struct per_flow *f, struct out *out);

/* Whether flows outlast the end of a capture. */
bool per_flow_goes_on(const struct per_flow *f);

/* A capture ends. */
void per_flow_end(struct per_flow *f);

/* After the last capture. */
void per_flow_close(struct per_flow *f);

/* Where the next packet is to be filled in; and that it was. False where it is not of the
 * selection. */
struct packet *per_flow_room(struct per_flow *f);
bool per_flow_take(struct per_flow *f, const struct frame *frame);

/* Live, now and then: writes what is due by the clock on the wall. */
void per_flow_tick(struct per_flow *f);

/* Flows that there are now. */
size_t per_flow_count(struct per_flow *f);

uint64_t per_flow_rows(const struct per_flow *f);

/* A remark on packets out of order, flows cut short by the cap, and with -v on all ends. */
void per_flow_report(const struct per_flow *f);

#endif
