/* Reactions of a classifier in the network: --drop=CLASS,… and --dscp=CLASS=DSCP,… */
#ifndef WEIR_REACTIONS_H
#define WEIR_REACTIONS_H

#include "err.h"
#include "model.h"

#include <stdbool.h>
#include <stdint.h>

enum { DSCP_NONE = 255 };

/* What happens to packets of a class. */
struct reaction {
    bool drop;
    uint8_t dscp; /* DSCP_NONE: left alone */
};

/* The reactions to the model's classes, from two lists as they were given (NULL: none): an array of
 * m->n_classes, freed by the caller. NULL with *e that names an unknown class or DSCP. */
struct reaction *reactions_read(const char *drop, const char *dscp, const struct model *m,
                                struct err *e);

/* Whether any of n reactions drops, or sets a DSCP (of what is not dropped). */
bool reactions_drop(const struct reaction *reactions, size_t n);
bool reactions_mark(const struct reaction *reactions, size_t n);

#endif
