/* The inner loops of forward-backward and of Viterbi's search, over states. The same bits on every
 * machine.
 *
 * kp is a number of states padded by vec_stride(); what stands past the last state is 0, of
 * logarithms -infinity. Rows of the transition matrix are kp long. `active` lists the states whose
 * probability is not 0. */
#ifndef WEIR_KERNELS_H
#define WEIR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* predicted = alpha * to, over n active states. */
void kernel_predict(double *predicted, const double *to, const double *alpha,
                    const uint16_t *active, size_t n, size_t kp);

/* alpha = predicted o density; returns the sum. */
double kernel_weigh(double *alpha, const double *predicted, const double *density, size_t kp);

/* For each active state i: gamma[i] = alpha[i] * (to[i] . ratio), and
 * pairs[i] += alpha[i] * ratio. */
void kernel_back(double *gamma, double *pairs, const double *to, const double *ratio,
                 const double *alpha, const uint16_t *active, size_t n, size_t kp);

/* Adds weights w of a point that is (dx, dy) from each state's origin to sums of w, w dx, w dy,
 * w dx dx, w dx dy and w dy dy, kp of each, one after the other. */
void kernel_moments(double *sums, const double *w, const double *dx, const double *dy, size_t kp);

/* Adds to the same sums the weights times the covariance of that point. */
void kernel_spread(double *sums, const double *w, const double *xx, const double *xy,
                   const double *yy, size_t kp);

/* The best way to each state: best[j] = the most of before[i] + to[i][j] over k states, logarithms
 * all, and came[j] the first such i. */
void kernel_best(double *best, double *came, const double *before, const double *to, size_t k,
                 size_t kp);

/* to += from. */
void kernel_add(double *to, const double *from, size_t kp);

#endif
