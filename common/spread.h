/* What is kept of a series of whole numbers to tell its least, mean, greatest and standard
 * deviation, all exact. */
#ifndef WEIR_SPREAD_H
#define WEIR_SPREAD_H

#include <stdint.h>

__extension__ typedef unsigned __int128 uint128;

/* All 0 is the empty series. The sum of the numbers stays below 2^64, so that of their squares
 * stays below 2^128. */
struct spread {
    uint128 squares;
    uint64_t n, sum, min, max;
};

/* The same of numbers of 16 bits; exact for 2^32 of them and more. */
struct spread16 {
    uint64_t squares, n, sum;
    uint16_t min, max;
};

static inline void spread16_add(struct spread16 *s, uint16_t x)
{
    if (s->n++ == 0)
        s->min = s->max = x;
    else if (x < s->min)
        s->min = x;
    else if (x > s->max)
        s->max = x;
    s->sum += x;
    s->squares += (uint64_t)x * x;
}

static inline struct spread spread_of(const struct spread16 *s)
{
    return (struct spread){
        .squares = s->squares, .n = s->n, .sum = s->sum, .min = s->min, .max = s->max};
}

static inline void spread_add(struct spread *s, uint64_t x)
{
    if (s->n++ == 0)
        s->min = s->max = x;
    else if (x < s->min)
        s->min = x;
    else if (x > s->max)
        s->max = x;
    s->sum += x;
    s->squares += (uint128)x * x;
}

/* Both series together. */
struct spread spread_merge(const struct spread *a, const struct spread *b);

/* floor(sum / n), and the floor of the square root of the population variance; n is not 0. */
uint64_t spread_mean(const struct spread *s);
uint64_t spread_std(const struct spread *s);

/* floor(sqrt(sum of the squares / n)); n is not 0. */
uint64_t spread_rms(const struct spread *s);

#endif
