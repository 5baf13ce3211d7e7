/* Markov chains of variable order over symbols, and their file (weir-formats(5)).
 *
 *     weir-markov 1
 *     made markov-gen --order=3
 *     seed 1
 *     column token
 *     order 3
 *     escape ppm-c                       (see markov-gen(1))
 *     smoothing 0
 *     sequences 1 4404                   (sequences, symbols in all)
 *     symbol 102 f12                     (occurrences, name; number 0, 1, …)
 *     …
 *     start 0:1                          (symbol number : sequences that begin with it)
 *     contexts 5120
 *     context SYMBOLS -- SYMBOL:COUNT …  (numbers, oldest first; the empty context is the first
 * line)
 *
 * Escapes follow PPM, method C: in a context seen n times with d different successors, a successor
 * seen c times has c / (n + d), and d / (n + d) is left for the context shortened by its oldest
 * symbol; below the empty context all symbols of the alphabet are alike. Whether those seen are
 * excluded in the shorter context is part of `escape` (Moffat, "Implementing the PPM data
 * compression scheme", 1990). */
#ifndef WEIR_CHAIN_H
#define WEIR_CHAIN_H

#include "err.h"
#include "out.h"
#include "rng.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chain;

enum {
    CHAIN_MAX_ORDER = 64,
    CHAIN_MAX_SYMBOLS = 1 << 20,
};

/* NULL with *e unless it is whole and sound. Freed with chain_free(). */
struct chain *chain_read(const char *path, struct err *e);
struct chain *chain_read_memory(const void *p, size_t n, const char *name, struct err *e);
void chain_free(struct chain *c);

size_t chain_symbols(const struct chain *c);
const char *chain_symbol(const struct chain *c, uint32_t symbol);
const char *chain_column(const struct chain *c); /* what the symbols were: "token" */

/* A walk that draws symbols. Freed with chain_walk_free(); the chain must outlive it. */
struct chain_walk;
struct chain_walk *chain_walk_new(const struct chain *c);
void chain_walk_free(struct chain_walk *w);

/* Begins a sequence: the next symbol is drawn from those that sequences begin with. */
void chain_walk_start(struct chain_walk *w);
uint32_t chain_walk_next(struct chain_walk *w, struct rng *r);

#endif
