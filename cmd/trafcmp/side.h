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
    double *len_acf, *iat_acf; /* at lags 1.., of len and of the time as series_point() has it */
    struct dist throughput;    /* bytes of each second, see pace.h */
};

struct side {
    const struct series *series;
    struct lane lanes[SERIES_BOTH]; /* by direction */
    size_t lags;
    struct dist bursts[SERIES_BOTH + 1]; /* packets of runs of one direction; by that direction */
};

/* The ranks from 1 of the first n numbers of a column among themselves, equal ones sharing their
 * mean. Freed by the caller. */
double *column_ranks(const struct column *c, size_t n);

/* The numbers of packets as doubles. Freed by the caller. */
enum quantity {
    QUANTITY_LEN,      /* bytes */
    QUANTITY_IAT,      /* ns */
    QUANTITY_LOG_TIME, /* as series_point() has it */
};
double *quantity_of(const struct series *s, enum quantity quantity);

/* The series must outlive the side. Freed with side_destroy(). */
void side_init(struct side *side, const struct series *s, size_t lags, struct pool *pool);
void side_destroy(struct side *side);

#endif
