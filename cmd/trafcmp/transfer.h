/* Train on synthetic, test on real (Esteban, Hyland and Raetsch, "Real-valued (medical) time
 * series generation with recurrent conditional GANs", 2017): whether a model that learns from one
 * series is as good on the other as one that learnt there. */
#ifndef WEIR_TRAFCMP_TRANSFER_H
#define WEIR_TRAFCMP_TRANSFER_H

#include "learn.h"
#include "pool.h"
#include "series.h"

#include <stddef.h>

struct transfer_options {
    size_t window; /* packets */
    size_t most;   /* windows that are learnt from, and windows tested on */
    struct learner learner;
};

struct mark {
    double accuracy, macro_f1;
};

/* All on the same windows of real. NaN where real or synth has too few of them. */
struct transfer {
    struct mark synth;    /* learnt from synth */
    struct mark real;     /* learnt from other windows of real, as many */
    struct mark shuffled; /* learnt from synth with its answers in random order */
    struct mark majority; /* always the answer that synth has most often */
    double error;         /* standard error of synth.accuracy, as if windows were independent */
};

/* Where both series have classes: to tell the class of a window (of its last packet); windows do
 * not overlap. Else: to tell the next packet from a window, its direction and in which quarter of
 * real's lengths of that direction its length is.
 *
 * Tested are the last third of real's windows (of each class), the other two thirds are learnt
 * from; of synth the same number is learnt from, evenly thinned. */
struct transfer transfer_test(const struct series *real, const struct series *synth,
                              const struct transfer_options *options, struct pool *pool);

#endif
