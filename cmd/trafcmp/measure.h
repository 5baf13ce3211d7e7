/* Measures how far two sides are apart. */
#ifndef WEIR_TRAFCMP_MEASURE_H
#define WEIR_TRAFCMP_MEASURE_H

#include "dist.h"
#include "figure.h"
#include "pool.h"
#include "side.h"

/* How it is measured. */
struct scale {
    struct bins len, iat, throughput;
    size_t lags;   /* of autocorrelation */
    size_t copied; /* packets of a run */
    size_t window; /* packets */
    size_t most_windows, folds;
    size_t trees; /* 0: nothing that takes trees is measured */
    uint64_t seed;
    struct pool *pool;
};

/* Sets all figures of their distributions and orders. */
void measure_sides(struct figures *f, const struct side *real, const struct side *synth,
                   const struct scale *scale);

/* Sets the two-sample test's accuracies, of trees that learn the right labels, or also of those
 * that learn shuffled ones. */
void measure_windows(struct figures *f, const struct series *real, const struct series *synth,
                     bool and_shuffled, const struct scale *scale);

/* Sets what learning from synth is worth; the floor is what learning from real is worth. */
void measure_transfer(struct figures *f, struct figures *floor, const struct series *real,
                      const struct series *synth, const struct scale *scale);

#endif
