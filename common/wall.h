/* The clock on the wall, which the times of live packets are of. */
#ifndef WEIR_WALL_H
#define WEIR_WALL_H

#include <stdint.h>
#include <time.h>

/* ns since the epoch. */
static inline uint64_t wall_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

#endif
