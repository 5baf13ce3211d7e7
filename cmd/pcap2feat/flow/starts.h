/* The starts of flows within a window of time, in the order in which they came, counted in the
 * groups of their flows. */
#ifndef PCAP2FEAT_FLOW_STARTS_H
#define PCAP2FEAT_FLOW_STARTS_H

#include "groups.h"

struct starts;

/* window: ns. most: starts that are remembered at a time, at least 1. The groups must outlive it.
 * Freed with starts_free(). */
struct starts *starts_new(struct groups *g, uint64_t window, size_t most);
void starts_free(struct starts *s);

/* A flow of these groups, by enum group_kind, starts. The clock never runs backwards. */
void starts_add(struct starts *s, uint64_t clock, const uint32_t groups[GROUP_KINDS]);

/* Forgets those that are longer ago than the window. */
void starts_pass(struct starts *s, uint64_t clock);

/* Forgets all: the clock may begin anew. */
void starts_clear(struct starts *s);

/* Those forgotten within the window, because there were too many. */
uint64_t starts_early(const struct starts *s);

#endif
