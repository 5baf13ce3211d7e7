#include "heap.h"

#include "mem.h"

#include <stdlib.h>

static bool before(const struct heap_item *a, const struct heap_item *b)
{
    return a->time < b->time || (a->time == b->time && a->who < b->who);
}

void heap_push(struct heap *h, struct heap_item item)
{
    size_t i = h->n;

    h->items = mem_grow(h->items, &h->cap, h->n + 1, sizeof *h->items);
    h->n++;
    while (i > 0 && before(&item, &h->items[(i - 1) / 2])) {
        h->items[i] = h->items[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    h->items[i] = item;
}

void heap_replace(struct heap *h, struct heap_item item)
{
    size_t i = 0;

    for (size_t child; (child = 2 * i + 1) < h->n; i = child) {
        if (child + 1 < h->n && before(&h->items[child + 1], &h->items[child]))
            child++;
        if (!before(&h->items[child], &item))
            break;
        h->items[i] = h->items[child];
    }
    h->items[i] = item;
}

struct heap_item heap_pop(struct heap *h)
{
    const struct heap_item top = h->items[0];

    if (--h->n > 0)
        heap_replace(h, h->items[h->n]);
    return top;
}

void heap_clear(struct heap *h)
{
    h->n = 0;
}

void heap_free(struct heap *h)
{
    free(h->items);
    *h = (struct heap){0};
}
