/* The series in two parts, one that trains and one that is held back to say when to stop, and the
 * windows of both. */
#ifndef WEIR_SEQ_TRAIN_PARTS_H
#define WEIR_SEQ_TRAIN_PARTS_H

#include "symbols.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* n inputs of the series from `at` on, each of which asks for the symbol after it; the first `skip`
 * of those are not asked for. In training it is moved on by up to `slack`, and all are asked for.
 */
struct window {
    size_t at;
    uint32_t n, skip, slack;
};

struct windows {
    struct window *all;
    size_t n, cap;
};

struct parts {
    uint32_t *series; /* symbols, with the number of symbols before each sequence */
    size_t *first;    /* of each sequence's symbols there */
    size_t *cut;      /* of each, how many symbols train; the others are held */
    size_t n_sequences;
    uint64_t trained, held; /* symbols */
    struct windows train, valid;
};

/* One sequence: its end is held, `share` of its symbols. More: whole ones, drawn by the seed, until
 * there are as many symbols; one at least trains. Windows that train begin a quarter of one after
 * the other; held ones half, of which only the second half counts, so that something is known
 * before it; a sequence that is shorter is a window of its own. False with *e, where a part would
 * be empty. Freed with parts_free(). */
bool parts_make(struct parts *p, const struct symbols *s, double share, size_t window,
                uint64_t seed, struct err *e);
void parts_free(struct parts *p);

#endif
