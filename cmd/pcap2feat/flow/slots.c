#include "slots.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16, LAST_BLOCK = 4096 }; /* pieces */

/* A piece that was given back. */
struct link {
    struct link *next;
};

struct slots {
    size_t size;
    struct arena *arena;
    struct link *given;
    char *fresh; /* never used and zero: so many pieces */
    size_t n_fresh;
    size_t block; /* pieces to take from the arena next */
};

struct slots *slots_new(size_t size, struct arena *arena)
{
    struct slots *const s = mem_zero(1, sizeof *s);

    s->size = size;
    s->arena = arena;
    s->block = FIRST_BLOCK;
    return s;
}

void slots_free(struct slots *s)
{
    free(s);
}

void *slots_take(struct slots *s)
{
    if (s->given) {
        struct link *const p = s->given;
        s->given = p->next;
        return memset(p, 0, s->size);
    }
    if (s->n_fresh == 0) {
        s->fresh = arena_take(s->arena, s->block * s->size);
        s->n_fresh = s->block;
        s->block *= s->block < LAST_BLOCK ? 2 : 1;
    }
    void *const p = s->fresh;
    s->fresh += s->size;
    s->n_fresh--;
    return p;
}

void slots_give(struct slots *s, void *p)
{
    struct link *const l = p;

    l->next = s->given;
    s->given = l;
}
