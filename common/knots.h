/* A number as its place on a scale of knots, for networks: of the stretch between two knots each it
 * says how much lies below it, so that what happens within a small range is as plain to see as what
 * happens over a large one (the piecewise linear encoding of Gorishniy, Rubachev and Babenko, "On
 * embeddings for numerical features in tabular deep learning", 2022). */
#ifndef WEIR_KNOTS_H
#define WEIR_KNOTS_H

#include "lines.h"
#include "out.h"

#include <stdbool.h>
#include <stddef.h>

enum { KNOTS_MOST = 1024 };

/* Ascending; none, or at least two. */
struct knots {
    double *at;
    size_t n;
};

/* Numbers that come out. */
static inline size_t knots_count(const struct knots *k)
{
    return k->n > 0 ? k->n - 1 : 0;
}

/* Puts them at `to`: for each stretch, within [-0.5, 0.5], where x stands in it; below it -0.5,
 * above it 0.5. */
void knots_put(const struct knots *k, double x, float *to);

/* Quantiles of n values, which get sorted: those between `most` stretches of as many values each,
 * and the ends; equal ones once. Values that are all the same have none. */
void knots_learn(struct knots *k, double *values, size_t n, size_t most);

struct knots knots_copy(const struct knots *k);

/* A line "knots", with the knots. Reading: false with the error. */
void knots_write(const struct knots *k, struct out *o);
bool knots_read(struct lines *l, struct knots *k);

#endif
