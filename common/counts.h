/* Lists of numbers to try, as options have them: "10:120:4" (from 10 to 120 by 4), "10:12" (by 1),
 * "7", and several of these with commas between. */
#ifndef WEIR_COUNTS_H
#define WEIR_COUNTS_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

struct counts {
    size_t *values; /* ascending, each once; freed by the caller */
    size_t n;
};

/* False with *e, a text that goes after the option's value ("is not …"). */
bool counts_parse(const char *text, size_t min, size_t max, struct counts *c, struct err *e);

#endif
