#include "ended.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

void ended_add(struct ended *e, struct store *store, uint32_t place, uint64_t found, bool last)
{
    e->all = mem_grow(e->all, &e->cap, e->n + 1, sizeof *e->all);
    e->all[e->n++] = (struct ended_flow){
        .last = last,
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

    if (a->last != b->last)
        return a->last ? 1 : -1;
    if (a->found != b->found)
        return a->found < b->found ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    const int keys =
        flow_key_compare(&store_at(a->store, a->place)->key, &store_at(b->store, b->place)->key);
    return keys ? keys : (a->serial > b->serial) - (a->serial < b->serial);
}

static void sort(struct ended *e)
{
    if (e->n > 1)
        qsort(e->all, e->n, sizeof *e->all, compare);
}

static void write_first(struct ended *e, size_t n, row_fn *row, void *context)
{
    for (size_t i = 0; i < n; i++) {
        row(context, store_at(e->all[i].store, e->all[i].place));
        store_release(e->all[i].store, e->all[i].place);
    }
    e->n -= n;
    if (n > 0)
        memmove(e->all, e->all + n, e->n * sizeof *e->all);
}

void ended_write(struct ended *e, uint64_t before, row_fn *row, void *context)
{
    size_t n = 0;

    sort(e);
    while (n < e->n && !e->all[n].last && e->all[n].found < before)
        n++;
    write_first(e, n, row, context);
}

void ended_write_all(struct ended *e, row_fn *row, void *context)
{
    sort(e);
    write_first(e, e->n, row, context);
}

void ended_free(struct ended *e)
{
    free(e->all);
}
