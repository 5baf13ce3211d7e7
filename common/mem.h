/* Memory that is there or ends the program (exit 1, "out of memory"): no caller has to look. */
#ifndef WEIR_MEM_H
#define WEIR_MEM_H

#include <stddef.h>

/* The returned memory is freed with free(). A count times size that overflows counts as out of
 * memory; a count of 0 gives a pointer that may be freed. */
void *mem_alloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *mem_zero(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *mem_resize(void *p, size_t count, size_t size) __attribute__((returns_nonnull));
char *mem_string(const char *s, size_t n) __attribute__((malloc, returns_nonnull));

/* Makes room for at least `need` items of `size` bytes in p, whose capacity in items is *cap:
 * grows by halves, so that appending one at a time is linear. Returns the (moved) array. */
void *mem_grow(void *p, size_t *cap, size_t need, size_t size) __attribute__((returns_nonnull));

#endif
