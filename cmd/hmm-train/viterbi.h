/* The most likely states of a series (Viterbi, "Error bounds for convolutional codes", 1967). */
#ifndef WEIR_VITERBI_H
#define WEIR_VITERBI_H

#include "params.h"

/* Sets the state of each packet; of equally likely ones the first. In memory bounded as
 * smooth_expect()'s is. */
void viterbi(const struct observed *o, const struct params *p, uint16_t *state);

#endif
