/* Writing a series that a chain draws. */
#ifndef WEIR_MARKOV_GENERATE_H
#define WEIR_MARKOV_GENERATE_H

#include "chain.h"
#include "options.h"

/* `symbol` is what --start named, or CHAIN_NO_SYMBOL. Every sequence has a random stream of its
 * own. Stops early when writing fails, which out_close() tells. */
void generate(const struct chain *c, const struct options *o, uint32_t symbol,
              enum table_format format, struct out *out);

#endif
