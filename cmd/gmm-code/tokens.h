/* A table of tokens, read whole. */
#ifndef GMM_CODE_TOKENS_H
#define GMM_CODE_TOKENS_H

#include "gmm.h"
#include "intern.h"
#include "table.h"

struct token {
    uint32_t flow;
    uint16_t component;
    uint8_t dir;
};

struct tokens {
    struct token *all; /* in the order of the table */
    size_t n;
    size_t n_flows;
    struct intern *flows; /* their names; NULL: the table has no column `flow`, and there is one */
};

/* Columns `token` and maybe `flow`; others don't matter. NULL with *e, at a token that is none of
 * the model, too. Freed with tokens_free(). */
struct tokens *tokens_read(struct table *t, const struct gmm *m, struct err *e);
void tokens_free(struct tokens *k);

#endif
