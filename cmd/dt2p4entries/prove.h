/* The proof that tables say what their model says, for every row of the whole domain.
 *
 * Each tree's table is compared with the tree by recursion over boxes: down the tree with the
 * entries that still intersect the node's box; at a leaf the first entry is compared and taken
 * away, and what it leaves of the box goes on with the rest. Tables of codes are compared the same
 * way with the steps that their thresholds make; where they hold, an entry on codes is a box of
 * feature values, too.
 *
 * The second opinion evaluates model and tables, as a switch would, at both ends of every cell that
 * the thresholds cut, where that is not too many points. */
#ifndef WEIR_DT2P4ENTRIES_PROVE_H
#define WEIR_DT2P4ENTRIES_PROVE_H

#include "entries.h"

#include <stdbool.h>
#include <stdint.h>

enum { GRID_MAX_POINTS = 10000000 };

struct proof {
    uint64_t boxes;  /* that were compared */
    uint64_t points; /* of the grid; 0: too many, only the boxes were compared */
};

/* False with *e, which names a row where they differ. */
bool prove_entries(const struct model *m, const struct entries *x, struct proof *proof,
                   struct err *e);

/* The second half alone. */
bool prove_grid(const struct model *m, const struct entries *x, uint64_t *points, struct err *e);

/* "iat 5, len 40": for messages. Freed by the caller. */
char *row_text(const struct model *m, const uint64_t *row);

#endif
