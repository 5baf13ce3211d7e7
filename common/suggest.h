/* "did you mean": the nearest of a list of names, for error messages that suggest the fix. */
#ifndef WEIR_SUGGEST_H
#define WEIR_SUGGEST_H

#include <stddef.h>

/* The name nearest to `text` by edit distance (case ignored), or NULL when none is near. Names are
 * given one at a time; start with a zeroed struct. */
struct suggest {
    const char *best;
    size_t distance;
};

void suggest_offer(struct suggest *s, const char *text, const char *name);

/* Writes " (did you mean 'NAME'?)" into buf, or "" when nothing is near; returns buf. */
const char *suggest_text(const struct suggest *s, char *buf, size_t size);

#endif
