/* The lines that the files of models of packet series begin with, in this order:
 *
 *     made TEXT              (the tool and its options)
 *     seed N
 *     iat COLUMN             (the column of times that was learnt)
 *     resolution N           (ns; generated times are multiples of it) */
#ifndef WEIR_SERIES_HEAD_H
#define WEIR_SERIES_HEAD_H

#include "lines.h"
#include "out.h"

/* Where the values stand; texts are freed by the caller. */
struct series_head {
    char **made;
    uint64_t *seed;
    char **iat_column;
    uint64_t *resolution;
};

/* False with the error of l. */
bool series_head_read(struct lines *l, const struct series_head *h);
void series_head_write(const struct series_head *h, struct out *o);

#endif
