/* Fits for every direction and number of states, and the choice among them. */
#ifndef WEIR_SWEEP_H
#define WEIR_SWEEP_H

#include "options.h"
#include "pool.h"

/* The fit of a direction with so many states: the best of its starts. */
struct candidate {
    const struct observed *o;
    enum series_dir dir;
    size_t states; /* asked for */
    struct hmm_chain chain;
    double bic, aic;
    bool chosen;
};

struct sweep {
    struct candidate *all; /* by direction (forward, backward), then by states */
    size_t n;
};

/* What one direction's fits are made from. */
struct material {
    enum series_dir dir;
    const struct observed *o;
    const struct hmm_chain *start; /* NULL: clusters */
};

/* False with *e when a likelihood fell. Freed with sweep_free(), then too. */
bool sweep_run(struct sweep *s, const struct options *options, const struct material *m, size_t n,
               struct pool *pool, struct err *e);
void sweep_free(struct sweep *s);

/* The table of scores as TSV. Freed by the caller. */
char *sweep_table(const struct sweep *s);

#endif
