/* Pieces of memory of one size, from an arena, that are given back and taken again. */
#ifndef PCAP2FEAT_FLOW_SLOTS_H
#define PCAP2FEAT_FLOW_SLOTS_H

#include "arena.h"

struct slots;

/* size: bytes of each, a multiple of 16. The arena must outlive it and has all of the memory. Freed
 * with slots_free(). */
struct slots *slots_new(size_t size, struct arena *arena);
void slots_free(struct slots *s);

/* Zeroed, aligned to 16. */
void *slots_take(struct slots *s);
void slots_give(struct slots *s, void *p);

#endif
