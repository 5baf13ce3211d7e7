/* How well a chain knows a series: the bits that its symbols cost. */
#ifndef WEIR_MARKOV_BITS_H
#define WEIR_MARKOV_BITS_H

#include "chain.h"
#include "options.h"
#include "symbols.h"

/* Writes the table that --score asks for. Every sequence begins in the empty context. Symbols of
 * probability 0 cost no bits and are counted. */
void write_bits(const struct chain *c, const struct symbols *s, enum score per,
                enum table_format format, struct out *out);

#endif
