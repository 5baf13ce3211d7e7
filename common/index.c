#include "index.h"

#include "mem.h"

#define XXH_INLINE_ALL
#include <stdlib.h>
#include <xxhash.h>

struct index {
    struct hash128 *hashes;
    size_t count, cap;
    uint32_t *slots; /* number + 1, 0: free; a power of two of them, at most two thirds full */
    size_t n_slots;
};

struct hash128 hash128(const void *p, size_t n)
{
    const XXH128_hash_t h = XXH3_128bits(p, n);

    return (struct hash128){h.low64, h.high64};
}

struct index *index_new(void)
{
    struct index *const x = mem_zero(1, sizeof *x);

    x->n_slots = 1024;
    x->slots = mem_zero(x->n_slots, sizeof *x->slots);
    return x;
}

void index_free(struct index *x)
{
    if (!x)
        return;
    free(x->hashes);
    free(x->slots);
    free(x);
}

/* The slot where a hash is or would go. */
static size_t find_slot(const struct index *x, struct hash128 hash)
{
    size_t i = hash.low & (x->n_slots - 1);

    for (; x->slots[i]; i = (i + 1) & (x->n_slots - 1)) {
        const struct hash128 h = x->hashes[x->slots[i] - 1];
        if (h.low == hash.low && h.high == hash.high)
            break;
    }
    return i;
}

static void grow(struct index *x)
{
    free(x->slots);
    x->n_slots *= 2;
    x->slots = mem_zero(x->n_slots, sizeof *x->slots);
    for (size_t k = 0; k < x->count; k++)
        x->slots[find_slot(x, x->hashes[k])] = (uint32_t)k + 1;
}

uint32_t index_add(struct index *x, struct hash128 hash)
{
    size_t slot = find_slot(x, hash);

    if (x->slots[slot])
        return x->slots[slot] - 1;
    if (x->count == INDEX_MOST)
        return INDEX_NONE;
    if (3 * (x->count + 1) > 2 * x->n_slots) {
        grow(x);
        slot = find_slot(x, hash);
    }
    x->hashes = mem_grow(x->hashes, &x->cap, x->count + 1, sizeof *x->hashes);
    x->hashes[x->count] = hash;
    x->slots[slot] = (uint32_t)++x->count;
    return (uint32_t)x->count - 1;
}

uint32_t index_find(const struct index *x, struct hash128 hash)
{
    const uint32_t found = x->slots[find_slot(x, hash)];

    return found ? found - 1 : INDEX_NONE;
}

size_t index_count(const struct index *x)
{
    return x->count;
}

struct hash128 index_hash(const struct index *x, uint32_t number)
{
    return x->hashes[number];
}
