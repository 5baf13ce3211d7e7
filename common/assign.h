/* Which part each group goes to. A split has two parts, train and test, with their shares of the
 * rows; cross validation has K parts of equal shares.
 *
 * Class by class, groups are dealt out from large to small (by powers of two of their rows; within
 * one power at random), each to the part that then stands lowest for its share:
 *
 *     the part p with the least (rows of the class in p + half the group's rows) / share of p
 *
 * so that large and small groups alike are parted near the shares, and each class ends within about
 * its largest group's rows of them. The random order is that of a hash of the group's key and the
 * seed: it does not depend on the order of the rows. */
#ifndef WEIR_ASSIGN_H
#define WEIR_ASSIGN_H

#include "groups.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRAIN, TEST, MOST_PARTS = 1000 };

struct shares {
    size_t n;                /* parts */
    double part[MOST_PARTS]; /* > 0, sum 1 */
};

/* Sets the part of each group. stratum: for each class its stratum, in [0, n_strata). A stratum
 * with as many groups as there are parts or more has a group in each. */
void assign_groups(struct groups *g, const uint32_t *stratum, const struct shares *shares,
                   uint64_t seed);

/* Sets the part of each group by its start: those that begin before the cut go to TRAIN. The cut is
 * the start that brings the rows of TEST nearest to their share, and neither part is empty. False
 * when all groups begin at the same time. */
bool assign_by_time(struct groups *g, double test_share, uint64_t *cut);

#endif
