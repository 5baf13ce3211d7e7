/* Threads: a job of n independent parts, spread over a number of threads. */
#ifndef WEIR_POOL_H
#define WEIR_POOL_H

#include <stddef.h>

struct pool;

/* threads >= 1; with 1 everything runs in the caller. Freed with pool_free(). */
struct pool *pool_new(unsigned threads);
void pool_free(struct pool *p);
unsigned pool_threads(const struct pool *p);

/* Calls work(context, part, thread) for each part in [0, n) and returns when all are done. Parts
 * are taken in order by whoever is free; thread is in [0, pool_threads()) and tells scratch space
 * apart. work() must not call pool_run(). */
void pool_run(struct pool *p, size_t n, void (*work)(void *context, size_t part, unsigned thread),
              void *context);

#endif
