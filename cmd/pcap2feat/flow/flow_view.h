/* A flow that has ended as its columns see it: either way and both together. */
#ifndef PCAP2FEAT_FLOW_VIEW_H
#define PCAP2FEAT_FLOW_VIEW_H

#include "../named.h"
#include "ended.h"
#include "record.h"
#include "table.h"

/* By enum way; what is of parts that the record has not is 0. */
struct flow_view {
    const struct flow *flow;
    const struct layout *layout;
    const struct ended_flow *when; /* its end was known */
    struct span file, class;       /* quoted as the output wants it */
    struct span tag;
    enum table_format format;
    size_t facts_bytes; /* what the facts of the row need, quoted */
    const struct named_filters *named;
    uint64_t id;
    uint8_t src[16], dst[16];
    uint16_t src_port, dst_port, vlan;
    uint8_t proto, ip_version;
    struct spread len[3], payload[3];
    uint64_t payload_packets[3], duration[3];
};

/* Fills all but when, file, class, tag, named, format and id. The record and the layout must
 * outlive the view.
 */
void flow_view_fill(struct flow_view *v, const struct layout *l, const struct flow *f);

#endif
