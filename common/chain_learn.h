/* Learning a chain from sequences of symbols. */
#ifndef WEIR_CHAIN_LEARN_H
#define WEIR_CHAIN_LEARN_H

#include "chain.h"
#include "symbols.h"

struct chain_rule {
    unsigned order; /* at most CHAIN_MAX_ORDER */
    enum chain_escape escape;
    double smoothing;
};

/* Takes s->names into the chain (s->names is NULL afterwards). `made` is copied. NULL with *e when
 * it would outgrow CHAIN_MAX_TRANSITIONS. Needs 17 bytes a symbol while it works. Freed with
 * chain_free(). */
struct chain *chain_learn(struct symbols *s, const struct chain_rule *rule, const char *column,
                          const char *made, struct err *e);

#endif
