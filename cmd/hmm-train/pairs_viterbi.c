#include "kernels.h"
#include "mem.h"
#include "pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct search {
    struct pairs *p;
    size_t block;
    double *log_to[2]; /* by direction, as the side's to */
    double *best;      /* of pairs, in the layout of the packet at hand */
    double *next, *came;
    double *best_before; /* the same before every block, in the layout of the packet before */
    uint16_t *from;      /* where the packet before moved its direction from, in that layout */
    double *density;
};

static double *logs_of(const double *x, size_t n)
{
    double *const to = mem_alloc(n, sizeof *to);

    for (size_t i = 0; i < n; i++)
        to[i] = log(x[i]);
    return to;
}

static void search_open(struct search *s, struct pairs *p)
{
    *s = (struct search){.p = p, .block = block_length(p->n, p->grid)};
    for (uint8_t dir = 0; dir < 2; dir++)
        s->log_to[dir] = logs_of(p->sides[dir].to, pairs_rows(p, dir));
    s->best = mem_zero(p->grid, sizeof *s->best);
    s->next = mem_zero(p->grid, sizeof *s->next);
    s->came = mem_zero(p->grid, sizeof *s->came);
    s->density = mem_zero(p->grid, sizeof *s->density);
    s->best_before = mem_alloc((p->n / s->block + 1) * p->grid, sizeof *s->best_before);
    s->from = mem_alloc(s->block * p->grid, sizeof *s->from);
}

static void search_close(struct search *s)
{
    free(s->log_to[0]);
    free(s->log_to[1]);
    free(s->best);
    free(s->next);
    free(s->came);
    free(s->density);
    free(s->best_before);
    free(s->from);
}

static void begin(struct search *s, uint8_t dir)
{
    const struct params *const own = s->p->sides[dir].p, *const other = s->p->sides[!dir].p;

    for (size_t b = 0; b < other->k; b++)
        for (size_t i = 0; i < own->kp; i++)
            s->best[b * own->kp + i] = log(other->start[b]) + log(own->start[i]);
}

/* What a packet of dir does to the pairs, and where it moved from. */
static void move(struct search *s, uint8_t dir, uint16_t *from)
{
    const size_t k = s->p->sides[dir].p->k, kp = s->p->sides[dir].p->kp;

    for (size_t b = 0; b < pairs_slices(s->p, dir); b++)
        kernel_best(s->next + b * kp, s->came + b * kp, s->best + b * kp,
                    s->log_to[dir] + b * k * kp, k, kp);
    for (size_t i = 0; i < pairs_layout(s->p, dir); i++)
        from[i] = (uint16_t)s->came[i];
}

static void swap(double **a, double **b)
{
    double *const x = *a;

    *a = *b;
    *b = x;
}

static void step(struct search *s, size_t t, uint16_t *from)
{
    const struct pairs *const p = s->p;
    const uint8_t dir = p->dir[t];
    const struct side *const side = &p->sides[dir];
    const struct packet packet = observed_at(side->o, p->place[t]);

    if (p->begins[t]) {
        begin(s, dir);
    } else {
        const uint8_t last = p->dir[t - 1];
        move(s, last, from);
        if (last == dir)
            swap(&s->best, &s->next);
        else
            pairs_turn(p, last, -HUGE_VAL, s->next, s->best);
    }
    emission_log_densities(side->p->emission, &packet, s->density);
    for (size_t b = 0; b < pairs_slices(p, dir); b++)
        kernel_add(s->best + b * side->p->kp, s->density, side->p->kp);
}

/* A pair as it stands in the layout of a packet's direction. */
struct pair {
    size_t own, other;
};

static struct pair likeliest(const struct search *s, uint8_t dir)
{
    const size_t kp = s->p->sides[dir].p->kp;
    size_t most = 0;

    for (size_t i = 1; i < pairs_layout(s->p, dir); i++)
        if (s->best[i] > s->best[most])
            most = i;
    return (struct pair){most % kp, most / kp};
}

static bool ends(const struct pairs *p, size_t t)
{
    return t + 1 == p->n || p->begins[t + 1];
}

/* Runs over the packets [begin, end) of a block, and keeps the pairs with which flows end. */
static void run_block(struct search *s, size_t begin, size_t end, uint16_t *state, uint16_t *other)
{
    for (size_t t = begin; t < end; t++) {
        step(s, t, s->from + (t - begin) * s->p->grid);
        if (ends(s->p, t)) {
            const struct pair last = likeliest(s, s->p->dir[t]);
            state[t] = (uint16_t)last.own;
            other[t] = (uint16_t)last.other;
        }
    }
}

/* From the pair of packet t to that of the one before it. */
static void step_back(const struct search *s, size_t t, const uint16_t *from, uint16_t *state,
                      uint16_t *other)
{
    const uint8_t last = s->p->dir[t - 1];
    const bool same = last == s->p->dir[t];
    const size_t moved = same ? state[t] : other[t], beside = same ? other[t] : state[t];

    state[t - 1] = from[beside * s->p->sides[last].p->kp + moved];
    other[t - 1] = (uint16_t)beside;
}

void pairs_viterbi(struct pairs *p, uint16_t *state)
{
    struct search s;

    search_open(&s, p);
    uint16_t *const other = mem_alloc(p->n, sizeof *other);
    const size_t blocks = (p->n - 1) / s.block + 1;
    for (size_t b = 0; b < blocks; b++) {
        const size_t begin = b * s.block, end = b + 1 < blocks ? begin + s.block : p->n;
        memcpy(s.best_before + b * p->grid, s.best, p->grid * sizeof *s.best);
        run_block(&s, begin, end, state, other);
    }
    for (size_t b = blocks; b-- > 0;) {
        const size_t begin = b * s.block, end = b + 1 < blocks ? begin + s.block : p->n;
        if (b + 1 < blocks) {
            memcpy(s.best, s.best_before + b * p->grid, p->grid * sizeof *s.best);
            run_block(&s, begin, end, state, other);
        }
        for (size_t t = end; t-- > begin;)
            if (!p->begins[t])
                step_back(&s, t, s.from + (t - begin) * p->grid, state, other);
    }
    free(other);
    search_close(&s);
}
