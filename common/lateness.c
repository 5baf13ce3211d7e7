#include "lateness.h"

#include <math.h>
#include <stddef.h>

enum { STEP_BITS = 6 };

/* Octave k >= 1 holds [64 << (k - 1), 64 << k) in steps of 1 << (k - 1). */
static size_t bucket_of(uint64_t v)
{
    if (v < LATENESS_STEPS)
        return (size_t)v;
    const unsigned shift = 63 - (unsigned)__builtin_clzll(v) - STEP_BITS;
    return (size_t)(shift + 1) * LATENESS_STEPS + (size_t)((v >> shift) - LATENESS_STEPS);
}

static uint64_t last_of(size_t bucket)
{
    if (bucket < LATENESS_STEPS)
        return bucket;
    const unsigned shift = (unsigned)(bucket / LATENESS_STEPS) - 1;
    return ((LATENESS_STEPS + bucket % LATENESS_STEPS) << shift) + ((UINT64_C(1) << shift) - 1);
}

void lateness_add(struct lateness *l, uint64_t ns)
{
    l->bucket[bucket_of(ns)]++;
    l->n++;
    if (ns > l->max)
        l->max = ns;
}

uint64_t lateness_quantile(const struct lateness *l, double p)
{
    const double rank = ceil(p * (double)l->n);
    uint64_t below = 0;

    if (l->n == 0)
        return 0;
    for (size_t i = 0; i < LATENESS_BUCKETS; i++) {
        below += l->bucket[i];
        if (below > 0 && (double)below >= rank)
            return last_of(i) < l->max ? last_of(i) : l->max;
    }
    return l->max;
}
