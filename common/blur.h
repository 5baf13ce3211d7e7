/* How far rounding blurs lengths and times. A clock that counts steps of `resolution` ns tells that
 * a time lay within half a step of what it says, not where; a length lies within half a byte. On
 * the axes of series_point() these are errors with a variance, of times the greater the shorter
 * they are. Models look through them at the packets themselves, and do not take the steps of a
 * clock for a habit of the traffic.
 *
 * The variance is that of an even spread over the interval. For times few values stand for all,
 * each within a fifth, so that what depends on them is worked out once for each. */
#ifndef WEIR_BLUR_H
#define WEIR_BLUR_H

#include <stddef.h>
#include <stdint.h>

enum { BLUR_MOST = 96 };

struct blurs {
    uint64_t resolution;   /* 0: nothing is blurred */
    double len;            /* variance, of all lengths */
    double iat[BLUR_MOST]; /* variances, by order of appearance */
    size_t n;
    uint8_t places[BLUR_MOST]; /* of each value that there can be: 1 + its place in iat, or 0 */
};

/* The blurs of a clock with this step (ns, > 0), none of times so far. */
struct blurs blurs_of(uint64_t resolution);

/* Those of packets that were not rounded. */
struct blurs blurs_none(void);

/* Adds all that a time can have. */
void blurs_add_all(struct blurs *b);

/* The place in iat of the blur of a time (ns), which joins if it is new. The value there is 0 where
 * the clock's step makes no difference. */
uint8_t blurs_place(struct blurs *b, uint64_t iat);

#endif
