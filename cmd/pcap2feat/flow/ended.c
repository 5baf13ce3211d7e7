#include "ended.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

void ended_add(struct ended *e, struct store *store, uint32_t place, uint64_t found)
{
    e->all = mem_grow(e->all, &e->cap, e->n + 1, sizeof *e->all);
    e->all[e->n++] = (struct ended_flow){
        .found = found,
        .start = store_at(store, place)->start,
        .serial = e->serial++,
        .store = store,
        .place = place,
    };
}

static int compare(const void *x, const void *y)
{
    const struct ended_flow *const a = x, *const b = y;

    if (a->found != b->found)
        return a->found < b->found ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    const int keys =
        flow_key_compare(&store_at(a->store, a->place)->key, &store_at(b->store, b->place)->key);
    return keys ? keys : (a->serial > b->serial) - (a->serial < b->serial);
}

void ended_write(struct ended *e, uint64_t before, void (*row)(void *context, struct flow *f),
                 void *context)
{
    size_t n = 0;

    if (e->n > 1)
        qsort(e->all, e->n, sizeof *e->all, compare);
    for (; n < e->n && e->all[n].found < before; n++) {
        row(context, store_at(e->all[n].store, e->all[n].place));
        store_release(e->all[n].store, e->all[n].place);
    }
    e->n -= n;
    if (n > 0)
        memmove(e->all, e->all + n, e->n * sizeof *e->all);
}

void ended_free(struct ended *e)
{
    free(e->all);
}
