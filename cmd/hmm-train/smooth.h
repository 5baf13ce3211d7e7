/* Forward-backward over a whole series in bounded memory: the state before every block of about
 * sqrt(packets) is kept, and each block is run again when the backward pass comes to it. */
#ifndef WEIR_SMOOTH_H
#define WEIR_SMOOTH_H

#include "params.h"

struct smooth;

/* Room for chains of k states on these packets, which must stay. Freed with smooth_free(). */
struct smooth *smooth_new(const struct observed *o, size_t k);
void smooth_free(struct smooth *s);

/* The expectation step: what the packets say of p. Returns the log-likelihood (nats, of all
 * packets) under p. */
double smooth_expect(struct smooth *s, struct params *p);

/* The maximisation step, with what the last smooth_expect() of the same p found. */
void smooth_maximise(const struct smooth *s, struct params *p);

#endif
