/* Measures how far two sides are apart. */
#ifndef WEIR_TRAFCMP_MEASURE_H
#define WEIR_TRAFCMP_MEASURE_H

#include "dist.h"
#include "figure.h"
#include "pool.h"
#include "side.h"

/* How it is measured. */
struct scale {
    struct bins len, iat;
    size_t lags; /* of autocorrelation */
    struct pool *pool;
};

/* Sets all figures. */
void measure_sides(struct figures *f, const struct side *real, const struct side *synth,
                   const struct scale *scale);

#endif
