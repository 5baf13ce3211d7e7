/* Writing a series that a chain draws. */
#ifndef WEIR_MARKOV_GENERATE_H
#define WEIR_MARKOV_GENERATE_H

#include "chain.h"
#include "options.h"

/* `symbol` is what --start named, or CHAIN_NO_SYMBOL. Otherwise as symbols_draw(). */
void generate(const struct chain *c, const struct options *o, uint32_t symbol,
              enum table_format format, struct out *out);

#endif
