/* One side of a comparison: a series, and by direction what is compared of it. */
#ifndef WEIR_TRAFCMP_SIDE_H
#define WEIR_TRAFCMP_SIDE_H

#include "dist.h"
#include "pool.h"
#include "series.h"

#include <stddef.h>
#include <stdint.h>

/* A column of numbers in order of the series, and sorted. */
struct column {
    struct dist dist;
    uint32_t *order; /* of the numbers by value: places in the series */
};

/* The packets of one direction. */
struct lane {
    struct series *packets;
    struct column len, iat;
    struct dist throughput; /* bytes of each second, see pace.h */
};

struct side {
    const struct series *series;
    struct lane lanes[SERIES_BOTH];      /* by direction */
    struct dist bursts[SERIES_BOTH + 1]; /* packets of runs of one direction; by that direction */
};

/* The series must outlive the side. Freed with side_destroy(). */
void side_init(struct side *side, const struct series *s, struct pool *pool);
void side_destroy(struct side *side);

#endif
