/* Random numbers that are the same everywhere: xoshiro256** seeded by splitmix64 (Blackman and
 * Vigna, "Scrambled linear pseudorandom number generators", 2018). Not for secrets. */
#ifndef WEIR_RNG_H
#define WEIR_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t s[4];
};

/* `stream` tells apart the generators of one seed (one a tree, one a thread of work). */
struct rng rng_new(uint64_t seed, uint64_t stream);

/* In the header, since some draw them by the billion. */
static inline uint64_t rng_u64(struct rng *r)
{
    uint64_t *const s = r->s;
    const uint64_t five = s[1] * 5, result = (five << 7 | five >> 57) * 9, t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

/* Uniform in [0, n), without bias (Lemire's method); n > 0. */
uint64_t rng_below(struct rng *r, uint64_t n);

/* Uniform in [0, 1), 53 bits. */
static inline double rng_unit(struct rng *r)
{
    return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

/* Shuffles n items of an index array (Fisher-Yates). */
void rng_shuffle(struct rng *r, uint32_t *items, size_t n);

#endif
