/* The packets that a mixture is fitted to: distinct points of the plane, each with how often it
 * stands. Times in whole milliseconds and few sizes leave few of them. */
#ifndef GMM_TRAIN_SAMPLE_H
#define GMM_TRAIN_SAMPLE_H

#include "blur.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>

/* Arrays have vec_stride(n) places; the counts of those past n are 0. */
struct sample {
    double *len, *iat, *count;
    uint8_t *blur; /* of each point: the place of its variance in blurs */
    struct blurs blurs;
    size_t n;
    double packets;      /* the counts' sum, > 0 */
    struct point origin; /* the mean */
};

/* Packets [first, end) of a series, at least one; exact: that were not rounded. Freed with
 * sample_free(). */
struct sample *sample_new(const struct series *s, size_t first, size_t end, bool exact);
void sample_free(struct sample *s); /* NULL is allowed */

static inline struct point sample_point(const struct sample *s, size_t i)
{
    return (struct point){s->len[i], s->iat[i]};
}

#endif
