/* A whole file in memory: for formats that are small next to what they describe. */
#ifndef WEIR_FILE_H
#define WEIR_FILE_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether a path means standard input, or output: NULL and "-". */
bool file_is_standard(const char *path);

/* What messages call a path: NULL and "-" are "standard input". */
const char *file_name(const char *path);

/* Whether two paths are one file: the same text, one regular file by two names, or two spellings of
 * the name of a file that is not there yet. */
bool file_same(const char *a, const char *b);

/* All bytes of a file (NULL or "-": standard input), *n of them. NULL with *e. Freed by the caller.
 */
char *file_read(const char *path, size_t *n, struct err *e);

#endif
