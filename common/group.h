/* Items that arrive mixed, sorted into the groups that they belong to. */
#ifndef WEIR_GROUP_H
#define WEIR_GROUP_H

#include <stddef.h>
#include <stdint.h>

/* A stable counting sort of n items (below 2^32) by the groups that `of` tells: item i belongs at
 * place of[i] afterwards, and group g is at [first[g], first[g + 1]) of the array that is returned
 * and freed by the caller. `of` NULL: there is one group, of all items as they are. */
size_t *group_items(uint32_t *of, size_t n, size_t groups);

/* Moves items of `size` bytes to their places; frees the old array and returns the new one.
 * `places` NULL: they stay where they are. */
void *group_move(void *items, const uint32_t *places, size_t n, size_t size);

#endif
