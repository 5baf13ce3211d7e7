/* How often numbers were seen, in a model file: "NUMBER:COUNT …". */
#ifndef WEIR_TALLY_H
#define WEIR_TALLY_H

#include "lines.h"
#include "out.h"
#include "rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The counts of all values up to and with this one. An array of them is ascending in both; the last
 * upto is how many were seen in all. */
struct tally {
    uint32_t value, upto;
};

#define TALLY_MOST (UINT32_MAX - 1) /* the largest count */

/* How often each number stands in v, which is sorted; n > 0. Freed by the caller. */
struct tally *tally_of(uint32_t *v, size_t n, size_t *n_tally);

/* One of the values, by how often it was seen; n > 0. */
uint32_t tally_draw(const struct tally *t, size_t n, struct rng *r);

/* A line: the name, then a blank and a pair for each. tally_put(): such a pair. */
void tally_write(struct out *o, const char *name, const struct tally *t, size_t n);
void tally_put(struct out *o, uint64_t value, uint64_t count);

/* Cuts the next pair off a line: a value in [min, max], a count from 1 on. False with the error,
 * which says that a pair is `what` ("LENGTH:SEQUENCES"). */
bool tally_pair(struct lines *l, const char *what, uint64_t min, uint64_t max, uint32_t *value,
                uint32_t *count);

/* The rest of a line: pairs whose values are in [min, max] and ascend, and whose counts sum to the
 * number of sequences. *t is the caller's to free, whatever is returned. */
bool tally_read(struct lines *l, const char *what, uint64_t min, uint64_t max, uint64_t sequences,
                struct tally **t, size_t *n);

/* The same for the lengths of sequences, which sum to the number of symbols. */
bool tally_read_lengths(struct lines *l, uint64_t sequences, uint64_t symbols, struct tally **t,
                        size_t *n);

#endif
