#include "lane.h"

#include "mem.h"

#include <stdlib.h>

enum {
    PIECE_ROWS = 128,
    PIECE_TEXT = 16 * 1024, /* and the row that passes it */
};

struct lane {
    struct partition *partition;
    const struct meter_calls *calls;
    unsigned number;
    atomic_flag busy;
    /* Whoever is busy with it: */
    uint64_t batches; /* taken so far */
    bool giving;      /* the rows of the last one */
    _Atomic uint64_t made;
    /* Whoever takes the pieces: */
    _Atomic uint64_t taken;
    struct piece pieces[LANE_PIECES];
};

struct lane *lane_new(struct partition *p, unsigned number, const struct meter_calls *calls)
{
    struct lane *const l = mem_zero(1, sizeof *l);

    l->partition = p;
    l->number = number;
    l->calls = calls;
    atomic_flag_clear(&l->busy);
    return l;
}

void lane_free(struct lane *l)
{
    for (int i = 0; i < LANE_PIECES; i++) {
        free(l->pieces[i].rows);
        free(l->pieces[i].text.p);
    }
    partition_free(l->partition);
    free(l);
}

const struct partition *lane_partition(const struct lane *l)
{
    return l->partition;
}

/* Fills a piece with rows that are due. */
static void give(struct lane *l, struct piece *p)
{
    struct ended_flow when;
    const struct flow *f = NULL;

    p->n = p->text.n = 0;
    while (p->n < PIECE_ROWS && p->text.n < PIECE_TEXT &&
           (f = partition_next(l->partition, &when))) {
        l->calls->row(l->calls->context, f, &when, &p->text);
        p->rows = mem_grow(p->rows, &p->cap, p->n + 1, sizeof *p->rows);
        p->rows[p->n++] = (struct row_place){.when = when, .key = f->key, .end = p->text.n};
    }
    p->complete = !f;
    l->giving = f != NULL;
}

static bool work(struct lane *l, const struct batches *b, unsigned most)
{
    bool worked = false;

    for (;;) {
        const uint64_t made = atomic_load_explicit(&l->made, memory_order_relaxed);
        if (made - atomic_load_explicit(&l->taken, memory_order_acquire) >= most)
            return worked;
        if (!l->giving) {
            if (l->batches == atomic_load_explicit(&b->published, memory_order_acquire))
                return worked;
            partition_take(l->partition, b->all[l->batches++ % BATCHES], l->number);
        }
        give(l, &l->pieces[made % LANE_PIECES]);
        atomic_store_explicit(&l->made, made + 1, memory_order_release);
        worked = true;
    }
}

bool lane_work(struct lane *l, const struct batches *b, unsigned most)
{
    if (atomic_flag_test_and_set_explicit(&l->busy, memory_order_acquire))
        return false;
    const bool worked = work(l, b, most);
    atomic_flag_clear_explicit(&l->busy, memory_order_release);
    return worked;
}

const struct piece *lane_piece(struct lane *l)
{
    const uint64_t taken = atomic_load_explicit(&l->taken, memory_order_relaxed);

    return taken == atomic_load_explicit(&l->made, memory_order_acquire)
               ? NULL
               : &l->pieces[taken % LANE_PIECES];
}

bool lane_piece_done(struct lane *l)
{
    const uint64_t taken = atomic_load_explicit(&l->taken, memory_order_relaxed);

    atomic_store_explicit(&l->taken, taken + 1, memory_order_release);
    return atomic_load_explicit(&l->made, memory_order_relaxed) - taken == LANE_PIECES;
}
