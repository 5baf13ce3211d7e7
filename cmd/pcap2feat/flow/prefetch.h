/* Memory that will be written soon is brought into the caches. */
#ifndef PCAP2FEAT_FLOW_PREFETCH_H
#define PCAP2FEAT_FLOW_PREFETCH_H

#include <stddef.h>
#include <stdint.h>

enum { CACHE_LINE = 64 };

/* The same of what will only be read. */
static inline void prefetch_read(const void *p, size_t n)
{
    const uintptr_t end = (uintptr_t)p + n;

    for (uintptr_t at = (uintptr_t)p & ~(uintptr_t)(CACHE_LINE - 1); at < end; at += CACHE_LINE)
        __builtin_prefetch((const void *)at);
}

/* The address need not be valid. */
static inline void prefetch_bytes(const void *p, size_t n)
{
    const uintptr_t end = (uintptr_t)p + n;

    for (uintptr_t at = (uintptr_t)p & ~(uintptr_t)(CACHE_LINE - 1); at < end; at += CACHE_LINE)
        __builtin_prefetch((const void *)at, 1);
}

#endif
