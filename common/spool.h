/* Tables that are read twice, and temporary files. */
#ifndef WEIR_SPOOL_H
#define WEIR_SPOOL_H

#include "table.h"

/* Opens a table that table_rewind() can take back to its first row: what can't seek (a pipe) is
 * copied to a temporary file first. path NULL or "-": standard input. NULL with *e. */
struct table *spool_table(const char *path, struct err *e);

/* A new file without a name in $TMPDIR, or in /tmp; -1 with *e. Closed with close(). */
int temporary_file(struct err *e);

/* All of the bytes, or false with *e. */
bool write_all(int fd, const void *p, size_t n, struct err *e);

#endif
