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
uint64_t rng_u64(struct rng *r);

/* Uniform in [0, n), without bias (Lemire's method); n > 0. */
uint64_t rng_below(struct rng *r, uint64_t n);

/* Uniform in [0, 1), 53 bits. */
double rng_unit(struct rng *r);

/* Shuffles n items of an index array (Fisher-Yates). */
void rng_shuffle(struct rng *r, uint32_t *items, size_t n);

#endif
