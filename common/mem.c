#include "mem.h"

#include "err.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static noreturn void out_of_memory(size_t count, size_t size)
{
    die("out of memory (%zu items of %zu bytes)", count, size);
}

void *mem_resize(void *p, size_t count, size_t size)
{
    void *const q = reallocarray(p, count ? count : 1, size ? size : 1);

    if (!q)
        out_of_memory(count, size);
    return q;
}

void *mem_alloc(size_t count, size_t size)
{
    return mem_resize(NULL, count, size);
}

void *mem_zero(size_t count, size_t size)
{
    void *const p = calloc(count ? count : 1, size ? size : 1);

    if (!p)
        out_of_memory(count, size);
    return p;
}

char *mem_string(const char *s, size_t n)
{
    if (n == SIZE_MAX)
        out_of_memory(n, 1);
    char *const copy = mem_alloc(n + 1, 1);

    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

void *mem_grow(void *p, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap && p)
        return p;
    size_t wanted = *cap + *cap / 2;

    if (wanted < need)
        wanted = need;
    if (wanted < 16)
        wanted = 16;
    *cap = wanted;
    return mem_resize(p, wanted, size);
}
