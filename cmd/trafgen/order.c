#include "order.h"

#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DIGIT = 16, DIGITS = 64 / DIGIT, VALUES = 1 << DIGIT };

static bool in_order(const uint64_t *time, const uint8_t *rank, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (time[i] < time[i - 1] || (rank && time[i] == time[i - 1] && rank[i] > rank[i - 1]))
            return false;
    return true;
}

/* Those of rank 1, then the others, each as they stand. */
static void by_rank(const uint8_t *rank, uint32_t *order, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++)
        if (rank && rank[i])
            order[at++] = (uint32_t)i;
    for (size_t i = 0; i < n; i++)
        if (!rank || !rank[i])
            order[at++] = (uint32_t)i;
}

/* A stable counting sort by one digit; false when all have the same. */
static bool by_digit(const uint64_t *time, int shift, const uint32_t *from, uint32_t *to, size_t n,
                     size_t *place)
{
    memset(place, 0, VALUES * sizeof *place);
    for (size_t i = 0; i < n; i++)
        place[(time[i] >> shift) % VALUES]++;
    if (place[(time[0] >> shift) % VALUES] == n)
        return false;
    size_t sum = 0;
    for (size_t v = 0; v < VALUES; v++) {
        const size_t count = place[v];
        place[v] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[place[(time[from[i]] >> shift) % VALUES]++] = from[i];
    return true;
}

uint32_t *order_of(const uint64_t *time, const uint8_t *rank, size_t n)
{
    if (in_order(time, rank, n))
        return NULL;
    uint32_t *order = mem_alloc(n, sizeof *order), *other = mem_alloc(n, sizeof *other);
    size_t *const place = mem_alloc(VALUES, sizeof *place);
    by_rank(rank, order, n);
    for (int d = 0; d < DIGITS; d++)
        if (by_digit(time, d * DIGIT, order, other, n, place)) {
            uint32_t *const sorted = other;
            other = order;
            order = sorted;
        }
    free(place);
    free(other);
    return order;
}
