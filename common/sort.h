/* Radix sorts (least significant digit first): stable and linear, the same order everywhere. */
#ifndef WEIR_SORT_H
#define WEIR_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Sorts n keys by their bits [low, high), high > low; equal ones keep their order. `spare` has room
 * for n keys. Returns keys or spare: whichever holds the result. */
uint64_t *sort_keys(uint64_t *keys, uint64_t *spare, size_t n, unsigned low, unsigned high);

/* Sorts values and carries rows along. The spare arrays have room for n items each. On return
 * values, rows and their spares may have changed places. */
void sort_values(uint64_t **values, uint64_t **spare_values, uint32_t **rows, uint32_t **spare_rows,
                 size_t n);

#endif
