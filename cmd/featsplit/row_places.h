/* Parting rows that are groups of their own. */
#ifndef WEIR_FEATSPLIT_ROW_PLACES_H
#define WEIR_FEATSPLIT_ROW_PLACES_H

#include "assign.h"

#include <stddef.h>
#include <stdint.h>

/* Rows one by one: each class has an exact quota in each part, and each row takes a random one of
 * the places that are left. */
struct row_places;

/* class_rows and stratum: of n_classes, as assign_groups() has them.
 * Freed with row_places_free(). */
struct row_places *row_places_new(const uint64_t *class_rows, const uint32_t *stratum,
                                  size_t n_classes, const struct shares *shares, uint64_t seed);
void row_places_free(struct row_places *p);

/* The places of a part over all classes, before any is taken. */
uint64_t row_places_of(const struct row_places *p, size_t part);

/* The part of the next row, which is of a class of this stratum. A row that was not counted gives
 * MOST_PARTS. */
size_t row_places_take(struct row_places *p, uint32_t stratum);

#endif
