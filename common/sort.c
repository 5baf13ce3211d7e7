#include "sort.h"

#include <stdbool.h>
#include <string.h>

/* 2^11 counters of 4 bytes leave room in the first-level cache for what is sorted. */
enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, INSERTION_MAX = 48 };

static void insertion_sort(uint64_t *keys, size_t n, unsigned low, uint64_t mask)
{
    for (size_t i = 1; i < n; i++) {
        const uint64_t key = keys[i], v = (key >> low) & mask;
        size_t j = i;
        for (; j > 0 && ((keys[j - 1] >> low) & mask) > v; j--)
            keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

/* Turns counts into the place where each digit begins. */
static void counts_to_places(uint32_t *counts, size_t n)
{
    uint32_t place = 0;

    for (size_t i = 0; i < n; i++) {
        const uint32_t count = counts[i];
        counts[i] = place;
        place += count;
    }
}

uint64_t *sort_keys(uint64_t *keys, uint64_t *spare, size_t n, unsigned low, unsigned high)
{
    const unsigned bits = high - low;
    const unsigned passes = (bits + DIGIT_BITS - 1) / DIGIT_BITS;
    const unsigned width = (bits + passes - 1) / passes;
    const uint64_t mask = (UINT64_C(1) << width) - 1;

    if (n <= INSERTION_MAX) {
        insertion_sort(keys, n, low, UINT64_MAX >> (64 - bits));
        return keys;
    }
    for (unsigned pass = 0; pass < passes; pass++) {
        const unsigned shift = low + pass * width;
        uint32_t places[DIGITS];
        memset(places, 0, sizeof *places << width);
        for (size_t i = 0; i < n; i++)
            places[(keys[i] >> shift) & mask]++;
        counts_to_places(places, (size_t)mask + 1);
        for (size_t i = 0; i < n; i++)
            spare[places[(keys[i] >> shift) & mask]++] = keys[i];
        uint64_t *const t = keys;
        keys = spare;
        spare = t;
    }
    return keys;
}

static bool digit_is_constant(const uint32_t *counts, size_t n)
{
    for (size_t i = 0; i < DIGITS; i++)
        if (counts[i])
            return counts[i] == n;
    return true;
}

void sort_values(uint64_t **values, uint64_t **spare_values, uint32_t **rows, uint32_t **spare_rows,
                 size_t n)
{
    uint64_t all = 0;

    for (size_t i = 0; i < n; i++)
        all |= (*values)[i];
    for (unsigned shift = 0; shift < 64 && all >> shift; shift += DIGIT_BITS) {
        const uint64_t *const v = *values;
        uint32_t places[DIGITS] = {0};
        for (size_t i = 0; i < n; i++)
            places[(v[i] >> shift) & (DIGITS - 1)]++;
        if (digit_is_constant(places, n))
            continue;
        counts_to_places(places, DIGITS);
        for (size_t i = 0; i < n; i++) {
            const uint32_t place = places[(v[i] >> shift) & (DIGITS - 1)]++;
            (*spare_values)[place] = v[i];
            (*spare_rows)[place] = (*rows)[i];
        }
        uint64_t *const tv = *values;
        *values = *spare_values;
        *spare_values = tv;
        uint32_t *const tr = *rows;
        *rows = *spare_rows;
        *spare_rows = tr;
    }
}
