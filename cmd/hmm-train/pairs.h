/* A series under two chains that are coupled: pairs of states, one of each direction.
 *
 * Each direction is in the state that its next packet comes from. Once that packet has come, its
 * direction alone moves on, by a row of transitions for each state that the other direction is in
 * then. Flows begin with both start probabilities, each direction on its own. So what a direction
 * does next is drawn when it is known, and trafgen(1) can draw it.
 *
 * Numbers for pairs stand in the layout of a direction: for each state of the other one a slice
 * over its own states, padded by the chain's kp. */
#ifndef WEIR_PAIRS_H
#define WEIR_PAIRS_H

#include "forward.h"

struct side {
    struct series *series; /* its packets */
    struct observed *o;
    struct params *p;
    struct forward *forward;
    double *to; /* for each state of the other direction k rows of kp */
};

struct pairs {
    struct side sides[2]; /* by enum series_dir */
    size_t n;             /* packets of both */
    const uint8_t *dir;   /* of each */
    uint32_t *place;      /* of each, among its direction's */
    uint8_t *begins;      /* whether it begins a flow */
    size_t grid;          /* doubles of a layout, whichever */
    double *scratch[2];   /* a layout each */
    uint16_t *active;
};

/* Whether chains of so many states can be coupled. False with *e: their rows take too much memory.
 */
bool pairs_fit(size_t forward, size_t backward, struct err *e);

/* The series, which must stay, under a model with a chain for each direction; rows of transitions
 * are those of the model, beside each state. NULL with *e where there are too many pairs of states.
 * Freed with pairs_free(). */
struct pairs *pairs_new(const struct hmm *m, const struct emission_kind *kind,
                        const struct series *s, bool exact, struct err *e);
void pairs_free(struct pairs *p);

/* States of a side, slices of its layout, and doubles of its layout and of its transitions. */
static inline size_t pairs_slices(const struct pairs *p, uint8_t dir)
{
    return p->sides[!dir].p->k;
}
static inline size_t pairs_layout(const struct pairs *p, uint8_t dir)
{
    return pairs_slices(p, dir) * p->sides[dir].p->kp;
}
static inline size_t pairs_rows(const struct pairs *p, uint8_t dir)
{
    return pairs_slices(p, dir) * p->sides[dir].p->k * p->sides[dir].p->kp;
}

/* From the layout of a direction to that of the other one, where what stands past the last state is
 * `fill`. */
void pairs_turn(const struct pairs *p, uint8_t dir, double fill, const double *from, double *to);

/* The probabilities of pairs before and after packet t, in the layout of its direction. */
struct grid {
    double *predicted, *alpha;
};

/* Packet t, from what alpha was after the packet before it in that one's layout (not looked at
 * where t begins a flow). Returns the packet's density given those before it. */
struct density pairs_forward(struct pairs *p, size_t t, const double *before, struct grid *to);

/* The states above 0 of a slice of kp; returns how many. */
size_t pairs_active(const double *slice, size_t kp, uint16_t *active);

/* The most likely way (Viterbi): for each packet the state of its direction that it came from. */
void pairs_viterbi(struct pairs *p, uint16_t *state);

#endif
