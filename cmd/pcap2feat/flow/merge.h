/* The rows of all lanes at the mark of a batch, in order. */
#ifndef PCAP2FEAT_FLOW_MERGE_H
#define PCAP2FEAT_FLOW_MERGE_H

#include "crew.h"
#include "out.h"

/* Writes the rows of the oldest batch on its way, by its number from 0 on, and thereby frees it;
 * returns how many. */
uint64_t merge_rows(struct crew *c, uint64_t batch, struct out *out);

#endif
