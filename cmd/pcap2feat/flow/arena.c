#include "arena.h"

#include "err.h"
#include "mem.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20, MOST_AT_ONCE = 16 * HUGE_PAGE };

struct slab {
    char *p;
    size_t n;
};

struct arena {
    struct slab *slabs; /* the last one is being used */
    size_t n, cap, used;
    size_t next; /* bytes of the next slab */
    pthread_mutex_t mutex;
};

struct arena *arena_new(void)
{
    struct arena *const a = mem_zero(1, sizeof *a);

    a->next = HUGE_PAGE;
    (void)pthread_mutex_init(&a->mutex, NULL);
    return a;
}

void arena_free(struct arena *a)
{
    for (size_t i = 0; i < a->n; i++)
        (void)munmap(a->slabs[i].p, a->slabs[i].n);
    (void)pthread_mutex_destroy(&a->mutex);
    free(a->slabs);
    free(a);
}

static size_t rounded_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

/* Where a huge page begins. */
static void add_slab(struct arena *a, size_t n)
{
    char *const p =
        mmap(NULL, n + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        die("out of memory");
    const size_t before = rounded_up((uintptr_t)p, HUGE_PAGE) - (uintptr_t)p;
    if (before > 0)
        (void)munmap(p, before);
    if (before < HUGE_PAGE)
        (void)munmap(p + before + n, HUGE_PAGE - before);
    (void)madvise(p + before, n, MADV_HUGEPAGE);
    a->slabs = mem_grow(a->slabs, &a->cap, a->n + 1, sizeof *a->slabs);
    a->slabs[a->n++] = (struct slab){p + before, n};
    a->used = 0;
}

void *arena_take(struct arena *a, size_t n)
{
    const size_t room = rounded_up(n, 64);

    (void)pthread_mutex_lock(&a->mutex);
    if (a->n == 0 || room > a->slabs[a->n - 1].n - a->used) {
        add_slab(a, rounded_up(room > a->next ? room : a->next, HUGE_PAGE));
        a->next = a->next < MOST_AT_ONCE ? 2 * a->next : a->next;
    }
    void *const p = a->slabs[a->n - 1].p + a->used;
    a->used += room;
    (void)pthread_mutex_unlock(&a->mutex);
    return p;
}

void *arena_grow(struct arena *a, void *p, size_t used, size_t *cap, size_t need, size_t size)
{
    enum { LEAST = 16 };
    size_t room = *cap > 0 ? *cap : LEAST;

    if (need <= *cap)
        return p;
    while (room < need)
        room *= 2;
    void *const more = arena_take(a, room * size);
    if (used > 0)
        memcpy(more, p, used * size);
    *cap = room;
    return more;
}
