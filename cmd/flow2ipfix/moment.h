/* Moments: ns of a clock that never goes back. */
#ifndef FLOW2IPFIX_MOMENT_H
#define FLOW2IPFIX_MOMENT_H

#include <stdint.h>
#include <time.h>

#define MOMENT_S UINT64_C(1000000000)
#define MOMENT_MS UINT64_C(1000000)
#define MOMENT_NEVER UINT64_MAX

static inline uint64_t moment_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * MOMENT_S + (uint64_t)t.tv_nsec;
}

/* Milliseconds from now until then, rounded up, for poll(): at most a minute. */
static inline int moment_left_ms(uint64_t until)
{
    const uint64_t now = moment_now();
    const uint64_t left = until > now ? until - now : 0;

    return left > 60 * MOMENT_S ? 60000 : (int)((left + MOMENT_MS - 1) / MOMENT_MS);
}

#endif
