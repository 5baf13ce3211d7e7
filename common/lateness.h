/* How times are spread, in bounded memory: counts in buckets whose width is at most 1/64 of their
 * values (ns). */
#ifndef WEIR_LATENESS_H
#define WEIR_LATENESS_H

#include <stdint.h>

/* 64 buckets an octave; values below 64 have one each. */
enum { LATENESS_STEPS = 64, LATENESS_BUCKETS = (64 - 5) * LATENESS_STEPS };

/* All zeros: no value yet. */
struct lateness {
    uint64_t bucket[LATENESS_BUCKETS];
    uint64_t n, max;
};

void lateness_add(struct lateness *l, uint64_t ns);

/* The least value v such that at least the share p of all values are <= v, at most 1/64 too large;
 * 0 without values. */
uint64_t lateness_quantile(const struct lateness *l, double p);

#endif
