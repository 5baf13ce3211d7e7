/* The distribution of a sample of whole numbers, and how far two of them are apart. */
#ifndef WEIR_TRAFCMP_DIST_H
#define WEIR_TRAFCMP_DIST_H

#include <stddef.h>
#include <stdint.h>

/* The distinct values of n numbers, ascending, and how many numbers are <= each. */
struct dist {
    uint64_t n;
    size_t n_values;
    uint64_t *values;
    uint64_t *upto; /* the last is n */
};

/* Of n numbers that stand sorted. */
struct dist dist_of_sorted(const uint64_t *sorted, size_t n);

/* Of n numbers, which are put in another order, and `zeros` times 0 that do not stand there. */
struct dist dist_of(uint64_t *numbers, size_t n, uint64_t zeros);
void dist_destroy(struct dist *d);

/* Numbers of exactly the i-th value. */
uint64_t dist_count(const struct dist *d, size_t i);

/* NaN without numbers. */
double dist_mean(const struct dist *d);

/* Kolmogorov and Smirnov: the greatest difference between the two distribution functions, in
 * [0, 1]. NaN where one of the two has no numbers, as below. */
double dist_ks(const struct dist *a, const struct dist *b);

/* Earth mover's distance (Wasserstein's of order 1): the area between the two distribution
 * functions, in the unit of the values. */
double dist_emd(const struct dist *a, const struct dist *b);

/* A division of the whole numbers into bins: bin i holds [edges[i], edges[i + 1]), the last one
 * all from its edge on. edges[0] is 0. */
struct bins {
    size_t n;
    uint64_t *edges;
};

/* Bins of `width` bytes, up to SERIES_MAX_LEN. */
struct bins bins_of_len(uint64_t width);

/* Bins up to `most`, `per_decade` of them to every power of ten of 1 + number / unit: bin k begins
 * at 10^(k / per_decade) - 1 units. */
struct bins bins_of_decades(unsigned per_decade, double unit, double most);
void bins_destroy(struct bins *b);

/* Numbers in each bin. Freed by the caller. */
uint64_t *bins_count(const struct bins *b, const struct dist *d);

/* The bin that a number is in. */
size_t bins_find(const struct bins *b, uint64_t number);

/* Jensen-Shannon divergence of two histograms in bits, in [0, 1] (Lin, "Divergence measures based
 * on the Shannon entropy", 1991). Its root is a distance. */
double bins_js(const struct bins *b, const struct dist *x, const struct dist *y);

/* Kullback-Leibler divergence of y from x, in bits: what coding x costs for believing y. Over the
 * bins that either has something in, `more` added to each count of both. */
double bins_kl(const struct bins *b, const struct dist *x, const struct dist *y, double more);

#endif
