#include "group.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

size_t *group_items(uint32_t *of, size_t n, size_t groups)
{
    size_t *const first = mem_zero(groups + 2, sizeof *first);

    if (!of) {
        first[1] = n;
        return first;
    }
    /* Counted one place further, so that the sums end up at the beginnings as items are placed. */
    for (size_t i = 0; i < n; i++)
        first[of[i] + 2]++;
    for (size_t g = 1; g <= groups; g++)
        first[g + 1] += first[g];
    for (size_t i = 0; i < n; i++)
        of[i] = (uint32_t)first[of[i] + 1]++;
    return first;
}

void *group_move(void *items, const uint32_t *places, size_t n, size_t size)
{
    if (!places)
        return items;
    char *const to = mem_alloc(n, size);

    for (size_t i = 0; i < n; i++)
        memcpy(to + places[i] * size, (const char *)items + i * size, size);
    free(items);
    return to;
}
