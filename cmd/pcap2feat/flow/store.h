/* One partition of the flows: found by key, in order of how recently they were met, and those that
 * are closing in the order in which they became so. A record that has ended stays until it is
 * released. Records stay where they are. */
#ifndef PCAP2FEAT_FLOW_STORE_H
#define PCAP2FEAT_FLOW_STORE_H

#include "arena.h"
#include "record.h"

#define STORE_NOBODY UINT32_MAX

struct store;

/* size: bytes of a record, a multiple of 16. seed: decides where a flow lies, never what is said of
 * it. Its memory is of the arena, which must outlive it. Freed with store_free(). */
struct store *store_new(size_t size, uint64_t seed, struct arena *arena);
void store_free(struct store *s);

struct flow *store_at(const struct store *s, uint32_t i);

/* Flows that have not ended. */
size_t store_count(const struct store *s);

/* Where a key lies: what the next four want with it. */
uint32_t store_hash(const struct store *s, const struct flow_key *k);

/* For many keys at once: brings into the caches, one after the other, what store_find() will look
 * at, and then the record that it will most likely find, which it returns; NULL: there is none. */
void store_prefetch_head(const struct store *s, uint32_t hash);
void store_prefetch_node(const struct store *s, uint32_t hash);
struct flow *store_prefetch_record(const struct store *s, uint32_t hash);

/* The flow of the key, or STORE_NOBODY. */
uint32_t store_find(const struct store *s, uint32_t hash, const struct flow_key *k);

/* A zeroed record with the key, the newest one. The key has none. */
uint32_t store_add(struct store *s, uint32_t hash, const struct flow_key *k);

/* It was met now. */
void store_touch(struct store *s, uint32_t i);

/* It became closing now. */
void store_close(struct store *s, uint32_t i);

/* The one met the longest ago, the one closing the longest; STORE_NOBODY where there is none. */
uint32_t store_oldest(const struct store *s);
uint32_t store_closing(const struct store *s);

/* The first flow that has not ended from a place on, in an order that says nothing; STORE_NOBODY
 * behind the last. */
uint32_t store_from(const struct store *s, uint32_t i);

/* It is not found any more; and none of them all. */
void store_end(struct store *s, uint32_t i);
void store_end_all(struct store *s);

/* A record like that one, which has ended already. */
uint32_t store_copy(struct store *s, uint32_t i);

/* Of a record that has ended: its place is free. */
void store_release(struct store *s, uint32_t i);

#endif
