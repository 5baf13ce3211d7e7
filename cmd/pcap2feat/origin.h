/* Where frames come from: a file, standard input or an interface, by its place on the command line,
 * which struct frame has as well. */
#ifndef PCAP2FEAT_ORIGIN_H
#define PCAP2FEAT_ORIGIN_H

#include "table.h"

struct origin {
    const char *name; /* as it was given; "-": standard input */
    char *quoted;     /* what the column `file` says */
    size_t n;         /* its bytes */
};

static inline struct span origin_column(const struct origin *o)
{
    return (struct span){o->quoted, o->n};
}

#endif
