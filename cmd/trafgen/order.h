/* The order of times. */
#ifndef TRAFGEN_ORDER_H
#define TRAFGEN_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* The places of n times (n < 2^32) in ascending order; of equal ones, those whose `rank` (0 or 1)
 * is 1 come first (NULL: there are none), then those that stand first. NULL when they are in order
 * already. Freed by the caller. */
uint32_t *order_of(const uint64_t *time, const uint8_t *rank, size_t n);

#endif
