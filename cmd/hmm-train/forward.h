/* The forward pass through a series, packet by packet, scaled so that nothing underflows: a packet
 * far from all states that can be reached is dealt with in logarithms. */
#ifndef WEIR_FORWARD_H
#define WEIR_FORWARD_H

#include "params.h"

/* What passes over n packets in blocks keeps of each block: its length is about sqrt(n), or longer
 * where that takes little memory for rows of kp doubles. */
size_t block_length(size_t n, size_t kp);

struct forward;

/* Densities of distinct packets are worked out once, in forward_begin(), where there is room for
 * them. Freed with forward_free(). */
struct forward *forward_new(const struct observed *o, size_t kp);
void forward_free(struct forward *f);

bool forward_has_table(const struct forward *f);

/* Takes parameters. They and what is worked out of them must not change until the next call. */
void forward_begin(struct forward *f, const struct params *p);

/* The densities of packet t in all states over the greatest, whose logarithm is returned; kp in
 * *row, which stay until the next call. */
double forward_densities(struct forward *f, size_t t, const double **row);

/* What a step leaves. */
struct step {
    double *predicted; /* kp: of each state before its packet is seen */
    double *alpha;     /* kp: after; sums to 1 */
    uint16_t *active;  /* the states with alpha > 0 */
    size_t n_active;
};

/* Packet t, from the step before it (NULL where it begins a flow). The arrays of *to are the
 * caller's, kp long. Returns the packet's density, given those before it, as factor * e^log. */
struct density {
    double factor, log;
};
struct density forward_step(struct forward *f, size_t t, const struct step *from, struct step *to);

#endif
