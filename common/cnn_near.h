/* How new a flow is to a member of a classifier: the Mahalanobis distance, on the last hidden
 * layer, to the nearest of the points of known flows that the member keeps.
 *
 * The same numbers with every instruction set and in whatever company a point is asked about. */
#ifndef WEIR_CNN_NEAR_H
#define WEIR_CNN_NEAR_H

#include "cnn.h"

struct cnn_near;

/* The member's points in its measure. Freed with cnn_near_free(). */
struct cnn_near *cnn_near_new(const struct cnn *m, const struct cnn_member *member);
void cnn_near_free(struct cnn_near *x); /* NULL is allowed */

/* Doubles of scratch that each thread needs. */
size_t cnn_near_scratch(const struct cnn_near *x);

/* The newness of n points, m->unknown.hidden numbers each; threads may ask at once. but: for each
 * the number of the member's point that does not count, SIZE_MAX for none (where it is that point
 * itself that is asked about); NULL: all count. Infinite where the member has no other point, or
 * what is asked about is not finite. */
void cnn_near_ask(const struct cnn_near *x, double *scratch, const float *points, size_t n,
                  const size_t *but, double *newness);

/* The mean of the member's points, from which all are measured: hidden numbers. */
void cnn_near_centre(const struct cnn *m, const struct cnn_member *member, double *centre);

#endif
