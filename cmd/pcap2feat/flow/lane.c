#include "lane.h"

#include "mem.h"
#include "prefetch.h"

#include <stdlib.h>

enum {
    PIECE_ROWS = 64,
    PIECE_TEXT = 8 * 1024, /* and the row that passes it */
};

/* What several threads write is apart from each other: a line of memory that goes from one
 * processor to another takes longer than a packet. */
struct lane {
    struct partition *partition;
    const struct meter_calls *calls;
    unsigned number;
    /* Whoever is busy with it: */
    _Alignas(CACHE_LINE) atomic_bool busy;
    bool giving;            /* rows of the last batch that it took */
    uint64_t batches;       /* taken so far */
    _Atomic uint64_t given; /* batches with all their pieces */
    _Atomic uint64_t made;  /* pieces */
    /* Whoever takes the pieces: */
    _Alignas(CACHE_LINE) _Atomic uint64_t taken;
    _Alignas(CACHE_LINE) struct piece pieces[LANE_PIECES];
};

struct lane *lane_new(struct arena *arena, struct partition *p, unsigned number,
                      const struct meter_calls *calls)
{
    struct lane *const l = arena_take(arena, sizeof *l);

    l->partition = p;
    l->number = number;
    l->calls = calls;
    return l;
}

void lane_free(struct lane *l)
{
    for (int i = 0; i < LANE_PIECES; i++) {
        free(l->pieces[i].rows);
        free(l->pieces[i].text.p);
    }
    partition_free(l->partition);
}

const struct partition *lane_partition(const struct lane *l)
{
    return l->partition;
}

/* A piece with rows that are due, if there are any. */
static void give(struct lane *l, uint64_t made)
{
    struct piece *const p = &l->pieces[made % LANE_PIECES];
    struct ended_flow when;
    const struct flow *f = NULL;

    p->n = p->text.n = 0;
    while (p->n < PIECE_ROWS && p->text.n < PIECE_TEXT &&
           (f = partition_next(l->partition, &when))) {
        l->calls->row(l->calls->context, f, &when, &p->text);
        p->rows = mem_grow(p->rows, &p->cap, p->n + 1, sizeof *p->rows);
        p->rows[p->n++] = (struct row_place){.when = when, .key = f->key, .end = p->text.n};
    }
    p->batch = l->batches - 1;
    if (p->n > 0)
        atomic_store_explicit(&l->made, made + 1, memory_order_release);
    l->giving = f != NULL;
    if (!l->giving)
        atomic_store_explicit(&l->given, l->batches, memory_order_release);
}

static bool work(struct lane *l, const struct batches *b, unsigned most)
{
    bool worked = false;

    for (;; worked = true) {
        const uint64_t made = atomic_load_explicit(&l->made, memory_order_relaxed);
        if (made - atomic_load_explicit(&l->taken, memory_order_acquire) >= most)
            return worked;
        if (!l->giving) {
            if (l->batches == atomic_load_explicit(&b->published, memory_order_acquire))
                return worked;
            partition_take(l->partition, b->all[l->batches++ % BATCHES], l->number);
        }
        give(l, made);
    }
}

/* Looking first leaves the line where it is. */
bool lane_work(struct lane *l, const struct batches *b, unsigned most)
{
    if (atomic_load_explicit(&l->given, memory_order_relaxed) ==
            atomic_load_explicit(&b->published, memory_order_relaxed) ||
        atomic_load_explicit(&l->busy, memory_order_relaxed) ||
        atomic_exchange_explicit(&l->busy, true, memory_order_acquire))
        return false;
    const bool worked = work(l, b, most);
    atomic_store_explicit(&l->busy, false, memory_order_release);
    return worked;
}

/* In this order: whether all pieces are there, and then whether there is one. */
bool lane_piece(const struct lane *l, uint64_t batch, const struct piece **piece)
{
    const bool all = atomic_load_explicit(&l->given, memory_order_acquire) > batch;
    const uint64_t taken = atomic_load_explicit(&l->taken, memory_order_relaxed);
    const struct piece *const next = &l->pieces[taken % LANE_PIECES];
    const bool there = atomic_load_explicit(&l->made, memory_order_acquire) != taken;

    *piece = there && next->batch == batch ? next : NULL;
    return *piece || all;
}

bool lane_piece_done(struct lane *l)
{
    const uint64_t taken = atomic_load_explicit(&l->taken, memory_order_relaxed);

    atomic_store_explicit(&l->taken, taken + 1, memory_order_release);
    return atomic_load_explicit(&l->made, memory_order_relaxed) - taken == LANE_PIECES;
}
