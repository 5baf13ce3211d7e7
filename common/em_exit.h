/* How fits of mixtures and of hidden Markov models end. */
#ifndef WEIR_EM_EXIT_H
#define WEIR_EM_EXIT_H

#include "table.h"

#include <stdbool.h>

enum em_exit {
    EM_CONVERGED,
    EM_MAX_ITERATIONS,
    EM_DEGENERATE, /* fewer distinct points than asked for: a sound model with fewer components */
};
const char *em_exit_name(enum em_exit x); /* "converged", "max-iter", "degenerate" */

/* The exit state of that name; false when there is none. */
bool em_exit_find(struct span name, enum em_exit *x);

#endif
