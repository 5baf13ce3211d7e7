#include "merge.h"

/* A lane that still has rows at this mark. */
struct source {
    const struct piece *piece;
    size_t row; /* the next one of the piece */
    unsigned lane;
};

/* A heap: the least row is at the top. */
struct heap {
    struct source all[PARTITIONS];
    size_t n;
};

static bool before(const struct source *a, const struct source *b)
{
    const struct row_place *const x = &a->piece->rows[a->row], *const y = &b->piece->rows[b->row];

    return ended_compare(&x->when, &x->key, &y->when, &y->key) < 0;
}

static void sift_down(struct heap *h, struct source s)
{
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= h->n)
            break;
        if (child + 1 < h->n && before(&h->all[child + 1], &h->all[child]))
            child++;
        if (!before(&h->all[child], &s))
            break;
        h->all[at] = h->all[child];
        at = child;
    }
    h->all[at] = s;
}

static void add(struct heap *h, struct source s)
{
    size_t at = h->n++;

    for (; at > 0 && before(&s, &h->all[(at - 1) / 2]); at = (at - 1) / 2)
        h->all[at] = h->all[(at - 1) / 2];
    h->all[at] = s;
}

/* Goes on to the lane's next row; false: it has none any more. */
static bool next_piece(struct crew *c, struct source *s)
{
    while (s->row == s->piece->n) {
        const bool complete = s->piece->complete;
        crew_piece_done(c, s->lane);
        if (complete)
            return false;
        s->piece = crew_piece(c, s->lane);
        s->row = 0;
    }
    return true;
}

static void write_row(const struct source *s, struct out *out)
{
    const size_t begin = s->row > 0 ? s->piece->rows[s->row - 1].end : 0;

    out_bytes(out, s->piece->text.p + begin, s->piece->rows[s->row].end - begin);
}

uint64_t merge_rows(struct crew *c, struct out *out)
{
    struct heap h = {.n = 0};
    uint64_t rows = 0;

    for (unsigned lane = 0; lane < PARTITIONS; lane++) {
        struct source s = {.piece = crew_piece(c, lane), .lane = lane};
        if (next_piece(c, &s))
            add(&h, s);
    }
    while (h.n > 0) {
        struct source top = h.all[0];
        write_row(&top, out);
        rows++;
        top.row++;
        if (next_piece(c, &top)) {
            sift_down(&h, top);
        } else if (--h.n > 0) {
            sift_down(&h, h.all[h.n]);
        }
    }
    return rows;
}
