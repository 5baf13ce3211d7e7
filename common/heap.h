/* What comes next of many things that each have a time: a binary heap. */
#ifndef WEIR_HEAP_H
#define WEIR_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_item {
    uint64_t time;
    uint32_t who;
};

/* Begins as {0}; the earliest item (of equals, the lowest who) is items[0] while n > 0. */
struct heap {
    struct heap_item *items;
    size_t n, cap;
};

void heap_push(struct heap *h, struct heap_item item);
struct heap_item heap_pop(struct heap *h); /* n > 0 */

/* Pops the earliest and pushes another, in one go. */
void heap_replace(struct heap *h, struct heap_item item);
void heap_clear(struct heap *h); /* the memory stays */
void heap_free(struct heap *h);

#endif
