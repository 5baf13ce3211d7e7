/* Memory that is only ever added to, zeroed, on huge pages if the system has them: among a million
 * flows most of the time would go into finding and filling pages. Several threads may take from
 * it. */
#ifndef PCAP2FEAT_FLOW_ARENA_H
#define PCAP2FEAT_FLOW_ARENA_H

#include <stddef.h>

struct arena;

/* Freed, with all that was taken, by arena_free(). */
struct arena *arena_new(void);
void arena_free(struct arena *a);

/* n bytes, zeroed, aligned to 64; ends the program where there is no memory. */
void *arena_take(struct arena *a, size_t n);

/* Room for at least `need` items of `size` bytes in p, of whose *cap the first `used` are kept.
 * Grows to twice as much, so that what is left behind is never more than what is there. Returns the
 * (moved) array. */
void *arena_grow(struct arena *a, void *p, size_t used, size_t *cap, size_t need, size_t size);

#endif
