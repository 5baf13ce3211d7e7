/* The best of fits from several starts, of several numbers of components. */
#ifndef WEIR_EM_SEARCH_H
#define WEIR_EM_SEARCH_H

#include "em.h"
#include "err.h"

enum { EM_MOST_COMPONENTS = 4096, EM_MOST_STARTS = 1000 };

struct em_search {
    struct em_options em;
    uint64_t starts; /* 1 to EM_MOST_STARTS */
    uint64_t seed;
    bool progress;
};

/* What to fit: so many components to the data. */
struct em_task {
    const struct em_data *data;
    size_t k;         /* 1 to EM_MOST_COMPONENTS */
    uint64_t stream;  /* < 2^32: tells the random numbers of data apart */
    const char *name; /* of the data, in messages */
};

/* The best fit of each task, over all starts, into x[task], whose exit is EM_DEGENERATE where there
 * are fewer points than components were asked for. False with *e, where a step of EM went wrong.
 * Ends in em_mixture_clear() for each, after a failure too. */
bool em_search(const struct em_task *tasks, size_t n, const struct em_search *o, struct pool *pool,
               struct em_mixture *x, struct err *e);

#endif
