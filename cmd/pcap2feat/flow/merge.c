#include "merge.h"

#include "prefetch.h"

/* A lane's rows of a batch. */
struct source {
    const struct piece *piece; /* NULL: no more */
    size_t row;                /* of the piece, the next one */
};

/* A tournament: the lane whose row comes first has won against all others. */
struct tournament {
    struct source lanes[PARTITIONS];
    unsigned losers[PARTITIONS]; /* of the matches, from 1 on; who wins k plays k / 2 */
    unsigned winner;
};

static bool before(const struct source *a, const struct source *b)
{
    if (!a->piece || !b->piece)
        return a->piece != NULL;
    const struct row_place *const x = &a->piece->rows[a->row], *const y = &b->piece->rows[b->row];
    return ended_compare(&x->when, &x->key, &y->when, &y->key) < 0;
}

/* Returns the winner; the loser stays there. */
static unsigned play(struct tournament *t, size_t match, unsigned a, unsigned b)
{
    const bool second = before(&t->lanes[b], &t->lanes[a]);

    t->losers[match] = second ? a : b;
    return second ? b : a;
}

static void begin(struct tournament *t)
{
    unsigned winners[2 * PARTITIONS];

    for (unsigned i = 0; i < PARTITIONS; i++)
        winners[PARTITIONS + i] = i;
    for (size_t match = PARTITIONS - 1; match > 0; match--)
        winners[match] = play(t, match, winners[2 * match], winners[2 * match + 1]);
    t->winner = winners[1];
}

/* The winner has another row, or none any more. */
static void play_again(struct tournament *t)
{
    unsigned winner = t->winner;

    for (size_t match = (PARTITIONS + winner) / 2; match > 0; match /= 2)
        winner = play(t, match, winner, t->losers[match]);
    t->winner = winner;
}

static const char *text_at(const struct source *s)
{
    return s->piece->text.p + (s->row > 0 ? s->piece->rows[s->row - 1].end : 0);
}

/* Its turn comes when the other lanes had theirs. */
static void prefetch_row(const struct source *s)
{
    prefetch_read(&s->piece->rows[s->row + 1], sizeof(struct row_place));
    prefetch_read(text_at(s), (size_t)2 * CACHE_LINE);
}

static void next_row(struct crew *c, uint64_t batch, unsigned lane, struct source *s)
{
    if (++s->row == s->piece->n) {
        crew_piece_done(c, lane);
        *s = (struct source){.piece = crew_piece(c, lane, batch)};
    }
    if (s->piece)
        prefetch_row(s);
}

uint64_t merge_rows(struct crew *c, uint64_t batch, struct out *out)
{
    struct tournament t;
    uint64_t rows = 0;

    for (unsigned lane = 0; lane < PARTITIONS; lane++)
        t.lanes[lane] = (struct source){.piece = crew_piece(c, lane, batch)};
    begin(&t);
    for (struct source *s; (s = &t.lanes[t.winner])->piece; rows++) {
        const char *const text = text_at(s);
        out_bytes(out, text, (size_t)(s->piece->text.p + s->piece->rows[s->row].end - text));
        next_row(c, batch, t.winner, s);
        play_again(&t);
    }
    return rows;
}
