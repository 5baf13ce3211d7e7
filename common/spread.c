#include "spread.h"

#include <math.h>

struct spread spread_merge(const struct spread *a, const struct spread *b)
{
    if (a->n == 0)
        return *b;
    if (b->n == 0)
        return *a;
    return (struct spread){
        .squares = a->squares + b->squares,
        .n = a->n + b->n,
        .sum = a->sum + b->sum,
        .min = a->min < b->min ? a->min : b->min,
        .max = a->max > b->max ? a->max : b->max,
    };
}

uint64_t spread_mean(const struct spread *s)
{
    return s->sum / s->n;
}

/* floor(sqrt(v)): a step of Newton's from the floating-point root, and what that is off. */
static uint64_t root(uint128 v)
{
    const double near = sqrt((double)v);
    uint128 r = near < 0x1p64 ? (uint128)near : UINT64_MAX;

    if (r > 0)
        r = (r + v / r) / 2;
    while (r > UINT64_MAX || r * r > v)
        r--;
    while (r < UINT64_MAX && (r + 1) * (r + 1) <= v)
        r++;
    return (uint64_t)r;
}

uint64_t spread_std(const struct spread *s)
{
    const uint64_t n = s->n, mean = s->sum / n, rest = s->sum % n;
    /* The squared distances from the mean rounded down; where they pass 2^128 on the way the
     * remainders still add up. */
    const uint128 about_mean = s->squares - (uint128)mean * ((uint128)s->sum + rest);
    /* The variance is whole + left/n - (rest/n)^2, and both fractions are below 1. */
    const uint128 whole = about_mean / n, left = about_mean % n;

    return root(whole - (left * n < (uint128)rest * rest));
}

/* floor(sqrt(q)) is floor(sqrt(floor(q))). */
uint64_t spread_rms(const struct spread *s)
{
    return root(s->squares / s->n);
}
