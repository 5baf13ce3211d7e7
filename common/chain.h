/* Markov chains of variable order over symbols, and their file (weir-formats(5)).
 *
 *     weir-markov 1
 *     made markov-gen --order=3
 *     column token
 *     order 3
 *     escape kneser-ney                  (or ppm-c, none)
 *     smoothing 0
 *     sequences 1 4404                   (sequences, symbols in all)
 *     lengths 4404:1                     (LENGTH:SEQUENCES, ascending)
 *     symbol 102 f12                     (occurrences, name; number 0, 1, …)
 *     …
 *     start 0:1                          (SYMBOL:SEQUENCES that begin with it, ascending)
 *     contexts 5120
 *     context -- 0:102 …                 (the empty context: all symbols)
 *     context SYMBOLS -- SYMBOL:COUNT …  (numbers, oldest first; what followed, ascending)
 *
 * A context stands after all shorter ones; those of one length stand in order of their newest
 * symbol, then of the one before, and so on.
 *
 * The probability of a symbol s after a context x that was followed n times, c times by s, by d
 * different symbols in all, is, with y for x without its oldest symbol,
 *
 *     kneser-ney   P(s | x) = (c - D) / n + D d / n P(s | y)
 *     ppm-c        P(s | x) = (c + d P(s | y)) / (n + d)
 *     none         P(s | x) = c / n
 *
 * where the term with c is 0 for an s that did not follow, and x is the longest context that was
 * ever followed.
 *
 * kneser-ney is interpolated (Chen and Goodman, "An empirical study of smoothing techniques for
 * language modeling", Computer Speech and Language 13, 1999; after Kneser and Ney, "Improved
 * backing-off for m-gram language modeling", ICASSP 1995): where a context was shortened, be it by
 * an escape or because the longer one never came, c is not how often s came after it but after how
 * many different older symbols, the beginning of a sequence counting as one; n is the sum of these.
 * That keeps the share of every symbol. D is n1 / (n1 + 2 n2) for contexts of a length, from how
 * many such counts are 1 and 2 (Ney, Essen and Kneser, "On structuring probabilistic dependences in
 * stochastic language modelling", Computer Speech and Language 8, 1994), kept in [0.05, 0.95].
 *
 * ppm-c is the escape of PPM's method C (Moffat, "Implementing the PPM data compression scheme",
 * IEEE Transactions on Communications 38, 1990) with full blending: what the longer context has
 * seen is not excluded from the shorter (Bell, Cleary and Witten, "Text Compression", 1990, chapter
 * 6).
 *
 * In the empty context it is (c + X) / (n + X (S + 1)) with the smoothing X and S symbols: there is
 * one more place for all symbols that were never seen. */
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
    CHAIN_MAX_SMOOTHING = 1000000,
    CHAIN_MAX_TRANSITIONS = 1 << 27, /* different symbols after contexts, over all contexts */
};
#define CHAIN_MAX_TOTAL (UINT32_MAX - 1) /* symbols learnt from, and sequences */

enum chain_escape {
    CHAIN_KNESER_NEY,
    CHAIN_PPM_C,
    CHAIN_NO_ESCAPE,
};

/* The names of the file, in order; NULL ends them. */
extern const char *const chain_escape_names[];

/* NULL with *e unless it is whole and sound. Freed with chain_free(). */
struct chain *chain_read(const char *path, struct err *e);
struct chain *chain_read_memory(const void *p, size_t n, const char *name, struct err *e);
void chain_free(struct chain *c);
void chain_write(const struct chain *c, struct out *o);

size_t chain_symbols(const struct chain *c);
const char *chain_symbol(const struct chain *c, uint32_t symbol);
uint32_t chain_find(const struct chain *c, struct span name); /* or CHAIN_NO_SYMBOL */
#define CHAIN_NO_SYMBOL UINT32_MAX

const char *chain_column(const struct chain *c); /* what the symbols were: "token" */
size_t chain_contexts(const struct chain *c);

/* What it was learnt from: symbols and sequences; and the length of one of those sequences, drawn.
 */
uint64_t chain_total(const struct chain *c);
uint64_t chain_sequences(const struct chain *c);
uint32_t chain_draw_length(const struct chain *c, struct rng *r);

/* A walk that draws symbols, or follows given ones. It begins with the empty context. Freed with
 * chain_walk_free(); the chain must outlive it. */
struct chain_walk;
struct chain_walk *chain_walk_new(const struct chain *c);
void chain_walk_free(struct chain_walk *w);

/* Begins a sequence: the next symbol is drawn from those that sequences begin with. */
void chain_walk_start(struct chain_walk *w);

/* Goes back to the empty context: the next symbol is drawn from all that were learnt, and since
 * those after it are drawn from ever longer contexts, the walk is in the chain's stationary state
 * from its first symbol on. */
void chain_walk_clear(struct chain_walk *w);

/* Draws the next symbol. Never one that was not learnt. */
uint32_t chain_walk_next(struct chain_walk *w, struct rng *r);

/* The probability of a symbol (or of CHAIN_NO_SYMBOL: any that was not learnt) in the present
 * context; after chain_walk_start() in the empty one. The symbols' sum to 1. */
double chain_walk_probability(const struct chain_walk *w, uint32_t symbol);

/* Moves on as if the symbol had been drawn; after CHAIN_NO_SYMBOL no context is known. */
void chain_walk_take(struct chain_walk *w, uint32_t symbol);

/* How many symbols the present context has. */
unsigned chain_walk_depth(const struct chain_walk *w);

#endif
