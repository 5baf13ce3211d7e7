#include "payload.h"

#include <endian.h>
#include <string.h>

/* The sum of a word of 64 bits in two halves: what overflows 32 bits stays in the upper ones. */
static uint64_t halves(uint64_t v)
{
    return (v & UINT32_MAX) + (v >> 32);
}

/* The sum of bytes in little-endian words is that in big-endian ones with its bytes swapped. */
static uint16_t swapped(uint64_t sum)
{
    return __builtin_bswap16(payload_fold(sum));
}

/* The first n bytes (0..8) of a word that is little endian; the rest zeros. */
static uint64_t first_bytes(uint64_t v, size_t n)
{
    return n == 0 ? 0 : v & (UINT64_MAX >> (64 - 8 * n));
}

/* Analysers guess at protocols by the first bytes of a payload, and take one in some hundreds of
 * random ones for a broken packet of one or the other; with four zeros in front, none. */
static const uint64_t ZEROS_IN_FRONT = ~(uint64_t)UINT32_MAX;

static uint16_t put_random(struct rng *r, uint8_t *p, size_t n)
{
    struct rng local = *r; /* in registers */
    uint64_t sum = 0, mask = ZEROS_IN_FRONT;
    size_t i = 0;

    for (; i + 8 <= n; i += 8, mask = UINT64_MAX) {
        const uint64_t v = rng_u64(&local) & mask, stored = htole64(v);
        memcpy(p + i, &stored, 8);
        sum += halves(v);
    }
    if (i < n) {
        const uint64_t v = first_bytes(rng_u64(&local) & mask, n - i), stored = htole64(v);
        memcpy(p + i, &stored, 8);
        sum += halves(v);
    }
    *r = local;
    return swapped(sum);
}

static uint16_t sum_of(const uint8_t *p, size_t n)
{
    uint64_t sum = 0, v;
    size_t i = 0;

    for (; i + 8 <= n; i += 8) {
        memcpy(&v, p + i, 8);
        sum += halves(le64toh(v));
    }
    v = 0;
    memcpy(&v, p + i, n - i);
    return swapped(sum + halves(le64toh(v)));
}

/* Doubles what is there until it is enough. */
static uint16_t put_pattern(const struct plan *plan, uint8_t *p, size_t n)
{
    size_t done = plan->n_pattern < n ? plan->n_pattern : n;

    memcpy(p, plan->pattern, done);
    while (done < n) {
        const size_t more = done < n - done ? done : n - done;
        memcpy(p + done, p, more);
        done += more;
    }
    return sum_of(p, n);
}

uint16_t payload_put(const struct plan *plan, struct rng *r, uint8_t *p, size_t n)
{
    switch (plan->payload) {
    case PAYLOAD_RANDOM:
        return put_random(r, p, n);
    case PAYLOAD_PATTERN:
        return put_pattern(plan, p, n);
    case PAYLOAD_ZERO:
        break;
    }
    memset(p, 0, n);
    return 0;
}
