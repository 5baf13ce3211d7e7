/* 128-bit hashes to numbers: each distinct hash gets the next number from 0. Two texts of one hash
 * count as the same: among 2^32 of them that happens with a chance of 2^-65. */
#ifndef WEIR_INDEX_H
#define WEIR_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct hash128 {
    uint64_t low, high;
};

/* XXH3, the same on every machine. */
struct hash128 hash128(const void *p, size_t n);

struct index;

struct index *index_new(void);
void index_free(struct index *x);

/* At most INDEX_MOST hashes are numbered; one more gives INDEX_NONE. */
#define INDEX_NONE UINT32_MAX
#define INDEX_MOST (UINT32_MAX - 1)
uint32_t index_add(struct index *x, struct hash128 hash);
uint32_t index_find(const struct index *x, struct hash128 hash);

size_t index_count(const struct index *x);
struct hash128 index_hash(const struct index *x, uint32_t number);

#endif
