/* The rows of all lanes at one mark, in order. */
#ifndef PCAP2FEAT_FLOW_MERGE_H
#define PCAP2FEAT_FLOW_MERGE_H

#include "crew.h"
#include "out.h"

/* Writes the rows of the oldest batch on its way, and thereby frees it; returns how many. */
uint64_t merge_rows(struct crew *c, struct out *out);

#endif
