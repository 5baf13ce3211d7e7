#include "assembly.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

void assembly_free(struct assembly *a)
{
    free(a->bytes);
    *a = (struct assembly){0};
}

uint32_t assembly_ready(const struct assembly *a)
{
    return a->n > 0 && a->islands[0].from == 0 ? a->islands[0].to : 0;
}

static void grow(struct assembly *a, uint32_t need)
{
    if (need <= a->size)
        return;
    a->size = need < a->size * 2 ? a->size * 2 : need;
    a->size = a->size < ASSEMBLY_BYTES ? a->size : ASSEMBLY_BYTES;
    a->bytes = mem_resize(a->bytes, a->size, 1);
}

/* Copies what of the piece lies in no island yet; false where there is nothing. */
static bool fill(struct assembly *a, uint32_t from, uint32_t to, const uint8_t *p)
{
    uint32_t at = from;
    bool new = false;

    for (unsigned i = 0; i <= a->n && at < to; i++) {
        uint32_t end = i < a->n ? a->islands[i].from : to;
        end = end < to ? end : to;
        if (at < end) {
            memcpy(a->bytes + at, p + (at - from), end - at);
            new = true;
        }
        if (i < a->n && a->islands[i].to > at)
            at = a->islands[i].to;
    }
    return new;
}

bool assembly_add(struct assembly *a, uint64_t at, const uint8_t *p, uint32_t n)
{
    if (at >= ASSEMBLY_BYTES || n == 0)
        return false;
    const uint32_t from = (uint32_t)at;
    const uint32_t to = n < ASSEMBLY_BYTES - from ? from + n : ASSEMBLY_BYTES;
    unsigned first = 0, after;

    /* Islands [first, after) touch the piece and become one with it. */
    while (first < a->n && a->islands[first].to < from)
        first++;
    for (after = first; after < a->n && a->islands[after].from <= to;)
        after++;
    if (first == after && a->n == ASSEMBLY_ISLANDS)
        return false;
    grow(a, to);
    const bool new = fill(a, from, to, p);
    struct island merged = {from, to};
    if (first < after) {
        const struct island a_first = a->islands[first], a_last = a->islands[after - 1];
        merged.from = a_first.from < from ? a_first.from : from;
        merged.to = a_last.to > to ? a_last.to : to;
    }
    memmove(&a->islands[first + 1], &a->islands[after], (a->n - after) * sizeof *a->islands);
    a->islands[first] = merged;
    a->n = a->n - (after - first) + 1;
    return new;
}
