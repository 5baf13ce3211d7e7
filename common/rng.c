#include "rng.h"

__extension__ typedef unsigned __int128 wide;

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = *x += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct rng rng_new(uint64_t seed, uint64_t stream)
{
    uint64_t x = seed;
    struct rng r;

    x = splitmix(&x) ^ stream;
    for (size_t i = 0; i < 4; i++)
        r.s[i] = splitmix(&x);
    return r;
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
    wide m = (wide)rng_u64(r) * n;

    if ((uint64_t)m < n) {
        const uint64_t reject = -n % n;
        while ((uint64_t)m < reject)
            m = (wide)rng_u64(r) * n;
    }
    return (uint64_t)(m >> 64);
}

void rng_shuffle(struct rng *r, uint32_t *items, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)rng_below(r, i);
        const uint32_t t = items[i - 1];
        items[i - 1] = items[j];
        items[j] = t;
    }
}
