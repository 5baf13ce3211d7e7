/* Payloads, and their share of a checksum. */
#ifndef TRAFGEN_PAYLOAD_H
#define TRAFGEN_PAYLOAD_H

#include "plan.h"
#include "rng.h"

#include <stddef.h>
#include <stdint.h>

/* Writes n bytes at p, which has room for PAYLOAD_SLACK more. Returns their sum in 16-bit words of
 * network order, folded (RFC 1071). */
enum { PAYLOAD_SLACK = 8 };
uint16_t payload_put(const struct plan *plan, struct rng *r, uint8_t *p, size_t n);

/* Folds a sum of 16-bit words into 16 bits. */
static inline uint16_t payload_fold(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

#endif
