/* Learning a chain from sequences of symbols. */
#ifndef WEIR_MARKOV_LEARN_H
#define WEIR_MARKOV_LEARN_H

#include "chain.h"
#include "options.h"
#include "symbols.h"

/* Takes s->names into the chain (s->names is NULL afterwards). `made` is copied. NULL with *e when
 * it would outgrow CHAIN_MAX_TRANSITIONS. Needs 17 bytes a symbol while it works. Freed with
 * chain_free(). */
struct chain *learn(struct symbols *s, const struct options *o, const char *column,
                    const char *made, struct err *e);

#endif
