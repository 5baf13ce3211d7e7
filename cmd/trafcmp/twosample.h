/* The classifier two-sample test (Lopez-Paz and Oquab, "Revisiting classifier two-sample tests",
 * 2017): how well a classifier tells windows of one series from those of another that it has not
 * seen. 0.5: not at all. */
#ifndef WEIR_TRAFCMP_TWOSAMPLE_H
#define WEIR_TRAFCMP_TWOSAMPLE_H

#include "learn.h"
#include "pool.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct twosample_options {
    size_t window; /* packets */
    size_t most;   /* windows a side */
    size_t folds;
    bool shuffle; /* the labels, to see that nothing leaks: 0.5 is right then */
    struct learner learner;
};

struct twosample {
    double accuracy; /* NaN with less than two windows a side */
    double error;    /* its standard error */
};

/* Windows do not overlap, and both sides have equally many: those of the longer one are thinned
 * evenly. A fold tests on windows that follow each other in time, where it can on whole flows, so
 * that none of them has its neighbour among those that are learnt from. */
struct twosample twosample_test(const struct series *a, const struct series *b,
                                const struct twosample_options *options, struct pool *pool);

#endif
