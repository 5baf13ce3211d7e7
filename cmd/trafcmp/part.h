/* Parts of a series, to compare it with itself: what two recordings of the same traffic differ by
 * anyway. */
#ifndef WEIR_TRAFCMP_PART_H
#define WEIR_TRAFCMP_PART_H

#include "series.h"

enum part {
    PART_FIRST,  /* the first half of the packets */
    PART_SECOND, /* the rest */
    PART_EVEN,   /* every other one of PART_BLOCKS blocks of equally many packets */
    PART_ODD,    /* the others */
};

enum { PART_BLOCKS = 20 };

/* The packets of a part, in their order; a flow that is cut goes on as another one. It may hold no
 * packet. Freed with series_free(). */
struct series *part_of(const struct series *s, enum part part);

#endif
