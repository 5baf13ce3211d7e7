#include "starts.h"

#include "mem.h"
#include "rng.h"

#include <math.h>

/* The streams of flows count up from 0, that of payloads is the last. */
static const uint64_t ARRIVALS_STREAM = UINT64_MAX - 1;

uint64_t *starts_new(const struct options *o, size_t n_flows)
{
    uint64_t *const starts = mem_alloc(n_flows, sizeof *starts);
    struct rng r = rng_new(o->shared->seed, ARRIVALS_STREAM);
    uint64_t at = o->start;

    for (size_t i = 0; i < n_flows; i++) {
        starts[i] = at;
        const double gaps = o->arrivals.exponential ? -log1p(-rng_unit(&r)) : 1;
        const double gap = o->arrivals.seconds * gaps * 1e9 + 0.5;
        if (gap >= (double)(UINT64_MAX - at))
            at = UINT64_MAX;
        else
            at += (uint64_t)gap;
    }
    return starts;
}
