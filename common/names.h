/* Lists of names as options have them, with commas between. */
#ifndef WEIR_NAMES_H
#define WEIR_NAMES_H

#include "err.h"

#include <stdbool.h>

/* Whether the list (NULL: an empty one) has the name. */
bool names_have(const char *list, const char *name);

/* Calls take() for each name of the list (NULL: an empty one) in turn; false as soon as it is. */
bool names_each(const char *list, bool (*take)(void *context, const char *name, struct err *e),
                void *context, struct err *e);

#endif
