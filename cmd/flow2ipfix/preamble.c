#include "preamble.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct message message_copy(const struct message *m)
{
    struct message copy = *m;

    copy.p = mem_alloc(m->n, 1);
    memcpy(copy.p, m->p, m->n);
    return copy;
}

void preamble_add(struct preamble *p, const struct message *m)
{
    p->at = mem_grow(p->at, &p->cap, p->n + 1, sizeof *p->at);
    p->at[p->n++] = message_copy(m);
}

void preamble_free(struct preamble *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->at[i].p);
    free(p->at);
}
