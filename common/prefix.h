/* Ranges as prefixes: what ternary and longest-prefix tables can match. */
#ifndef WEIR_PREFIX_H
#define WEIR_PREFIX_H

#include "boxes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Matches x where (x & mask) == value. */
struct masked {
    uint64_t value, mask;
};

/* The largest number of `bits` bits (1..64). */
uint64_t prefix_top(unsigned bits);

/* The fewest disjoint prefixes of a key of `bits` bits that cover [low, high], in ascending order;
 * at most 2 * bits - 2 of them (1 where bits is 1). */
enum { PREFIX_COVER_MAX = 126 };
size_t prefix_cover(struct interval range, unsigned bits, struct masked *out);
size_t prefix_cover_count(struct interval range, unsigned bits);

/* The range of values that a prefix matches; false where the mask is no prefix of `bits` bits. */
bool prefix_range(struct masked m, unsigned bits, struct interval *range);

/* The fewest prefixes, first match first (longer ones before those they lie in), and a default that
 * together give each value v of `bits` bits the number of thresholds below v. The thresholds ascend
 * strictly, each below prefix_top(bits). Calls fn with a box of one range, always a prefix's;
 * returns the default. */
uint32_t prefix_steps(const uint64_t *thresholds, size_t n, unsigned bits, boxes_fn *fn,
                      void *context);

#endif
