#include "pairs.h"

#include "kernels.h"
#include "mem.h"
#include "vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Doubles of one direction's rows, 128 MB. */
enum { MOST_ROWS = 1 << 24 };

/* Probabilities below this are none, as in a chain alone. */
static const double tiny = 1e-100, least = 1e-290;

bool pairs_fit(size_t forward, size_t backward, struct err *e)
{
    const size_t pairs = forward * backward;

    return (pairs * vec_stride(forward) <= MOST_ROWS &&
            pairs * vec_stride(backward) <= MOST_ROWS) ||
           err_set(e, "%zu and %zu states are too many to couple: fewer --states", forward,
                   backward);
}

static void find_places(struct pairs *p, const struct series *s)
{
    uint32_t next[2] = {0, 0};

    p->place = mem_alloc(s->n, sizeof *p->place);
    p->begins = mem_zero(s->n, sizeof *p->begins);
    for (size_t t = 0; t < s->n; t++)
        p->place[t] = next[s->dir[t]]++;
    for (size_t f = 0; f < s->n_flows; f++)
        if (s->first[f] < s->n)
            p->begins[s->first[f]] = 1;
}

/* The chain's own rows beside every state, and those of the model in their place. */
static void set_rows(struct pairs *p, uint8_t dir, const struct hmm_chain *c)
{
    struct side *const side = &p->sides[dir];
    const size_t k = side->p->k, kp = side->p->kp;

    side->to = mem_zero(pairs_rows(p, dir), sizeof *side->to);
    for (size_t other = 0; other < pairs_slices(p, dir); other++)
        memcpy(side->to + other * k * kp, side->p->to, k * kp * sizeof *side->to);
    for (size_t i = 0; i < c->n_beside; i++)
        memcpy(side->to + (c->beside[i].other * k + c->beside[i].state) * kp, c->beside_to + i * k,
               k * sizeof *side->to);
}

struct pairs *pairs_new(const struct hmm *m, const struct emission_kind *kind,
                        const struct series *s, bool exact, struct err *e)
{
    const struct hmm_chain *const chains[2] = {hmm_of(m, SERIES_BACKWARD),
                                               hmm_of(m, SERIES_FORWARD)};
    struct pairs *const p = mem_zero(1, sizeof *p);

    p->n = s->n;
    p->dir = s->dir;
    find_places(p, s);
    for (uint8_t dir = 0; dir < 2; dir++) {
        struct side *const side = &p->sides[dir];
        side->series = series_of(s, dir);
        side->o = observed_new(side->series, false, exact);
        side->p = params_new(kind, side->o, chains[dir]);
    }
    if (!pairs_fit(p->sides[SERIES_FORWARD].p->k, p->sides[SERIES_BACKWARD].p->k, e)) {
        pairs_free(p);
        return NULL;
    }
    for (uint8_t dir = 0; dir < 2; dir++)
        p->grid = pairs_layout(p, dir) > p->grid ? pairs_layout(p, dir) : p->grid;
    for (uint8_t dir = 0; dir < 2; dir++) {
        struct side *const side = &p->sides[dir];
        side->forward = forward_new(side->o, side->p->kp);
        forward_begin(side->forward, side->p);
        set_rows(p, dir, chains[dir]);
        p->scratch[dir] = mem_zero(p->grid, sizeof(double));
    }
    p->active = mem_zero(p->grid, sizeof *p->active);
    return p;
}

void pairs_free(struct pairs *p)
{
    if (!p)
        return;
    for (size_t dir = 0; dir < 2; dir++) {
        struct side *const side = &p->sides[dir];
        forward_free(side->forward);
        params_free(side->p);
        observed_free(side->o);
        series_free(side->series);
        free(side->to);
        free(p->scratch[dir]);
    }
    free(p->place);
    free(p->begins);
    free(p->active);
    free(p);
}

void pairs_turn(const struct pairs *p, uint8_t dir, double fill, const double *from, double *to)
{
    const struct params *const own = p->sides[dir].p, *const other = p->sides[!dir].p;

    for (size_t i = 0; i < own->k; i++) {
        for (size_t b = 0; b < other->k; b++)
            to[i * other->kp + b] = from[b * own->kp + i];
        for (size_t b = other->k; b < other->kp; b++)
            to[i * other->kp + b] = fill;
    }
}

size_t pairs_active(const double *slice, size_t kp, uint16_t *active)
{
    size_t n = 0;

    for (size_t i = 0; i < kp; i++) {
        active[n] = (uint16_t)i;
        n += slice[i] > 0;
    }
    return n;
}

/* The start probabilities of both, in the layout of dir. */
static void begin(const struct pairs *p, uint8_t dir, double *to)
{
    const struct params *const own = p->sides[dir].p, *const other = p->sides[!dir].p;

    for (size_t b = 0; b < other->k; b++)
        for (size_t i = 0; i < own->kp; i++)
            to[b * own->kp + i] = other->start[b] * own->start[i];
}

/* How pairs go on once a packet of dir has come. */
static void move(const struct pairs *p, uint8_t dir, const double *alpha, double *to)
{
    const struct side *const side = &p->sides[dir];
    const size_t k = side->p->k, kp = side->p->kp;

    for (size_t b = 0; b < pairs_slices(p, dir); b++) {
        const size_t n = pairs_active(alpha + b * kp, kp, p->active);
        kernel_predict(to + b * kp, side->to + b * k * kp, alpha + b * kp, p->active, n, kp);
    }
}

/* Densities of a packet that is far from all states that can be reached, scaled so that the
 * greatest product with what was predicted of a state is 1. Returns the log of the scale. Pairs
 * that nearly nothing leads to are out. */
static double far_densities(const struct pairs *p, size_t t, double *predicted, double *row)
{
    const uint8_t dir = p->dir[t];
    const struct side *const side = &p->sides[dir];
    const size_t kp = side->p->kp;
    const struct packet packet = observed_at(side->o, p->place[t]);
    double *const sum = p->scratch[1], most = -HUGE_VAL;

    for (size_t i = 0; i < pairs_layout(p, dir); i++)
        if (predicted[i] < least)
            predicted[i] = 0;
    memset(sum, 0, kp * sizeof *sum);
    for (size_t b = 0; b < pairs_slices(p, dir); b++)
        kernel_add(sum, predicted + b * kp, kp);
    emission_log_densities(side->p->emission, &packet, row);
    for (size_t i = 0; i < kp; i++)
        if (sum[i] > 0)
            most = fmax(most, row[i] + log(sum[i]));
    for (size_t i = 0; i < kp; i++)
        row[i] = sum[i] > 0 ? exp(row[i] - most) : 0;
    return most;
}

/* alpha = predicted o row, slice by slice; returns the sum. */
static double weigh(const struct pairs *p, uint8_t dir, const double *row, struct grid *g)
{
    const size_t kp = p->sides[dir].p->kp;
    double sum = 0;

    for (size_t b = 0; b < pairs_slices(p, dir); b++)
        sum += kernel_weigh(g->alpha + b * kp, g->predicted + b * kp, row, kp);
    return sum;
}

struct density pairs_forward(struct pairs *p, size_t t, const double *before, struct grid *to)
{
    const uint8_t dir = p->dir[t];
    struct density d;
    const double *row;

    if (p->begins[t]) {
        begin(p, dir, to->predicted);
    } else if (p->dir[t - 1] == dir) {
        move(p, dir, before, to->predicted);
    } else {
        move(p, !dir, before, p->scratch[0]);
        pairs_turn(p, !dir, 0, p->scratch[0], to->predicted);
    }
    d.log = forward_densities(p->sides[dir].forward, p->place[t], &row);
    d.factor = weigh(p, dir, row, to);
    if (!(d.factor > tiny)) {
        d.log = far_densities(p, t, to->predicted, p->scratch[0]);
        d.factor = weigh(p, dir, p->scratch[0], to);
    }
    const double scale = 1 / d.factor;
    for (size_t i = 0; i < pairs_layout(p, dir); i++) {
        const double a = to->alpha[i] * scale;
        to->alpha[i] = a > tiny ? a : 0;
    }
    return d;
}
