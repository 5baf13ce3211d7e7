/* An output that appears whole or not at all.
 *
 * A named file is written to an unnamed one in the same directory and gets its name only in
 * out_close(), so a failure (or a kill) leaves no half-written file. A link to a file stays a link,
 * and a file that is replaced keeps its permissions.
 * Standard output (by any name) and files that are not regular (/dev/full, a FIFO) are written
 * directly. Writing errors are kept and reported by
 * out_close(); until then output is swallowed. */
#ifndef WEIR_OUT_H
#define WEIR_OUT_H

#include "err.h"

#include <stddef.h>
#include <stdint.h>

struct out;

/* path NULL or "-": standard output. NULL with *e set when it can't be opened. Ends in out_close()
 * or out_abandon(), which free it. */
struct out *out_open(const char *path, struct err *e);

/* Room for at least n bytes (n <= OUT_ROOM); the caller writes them and hands back the place after
 * the last one. The fast path for rows: one pair of calls a row. */
enum { OUT_ROOM = 65536 };
char *out_reserve(struct out *o, size_t n);
void out_advance(struct out *o, const char *end);

void out_bytes(struct out *o, const void *p, size_t n);
void out_text(struct out *o, const char *s);
void out_printf(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Passes what is buffered on to the system (live tools do it a row). False after an error. */
bool out_flush(struct out *o);

/* Whether a write has failed: long work looks now and then, and ends early with out_close(). */
bool out_failed(const struct out *o);

/* Bytes written so far, buffered ones included. */
uint64_t out_size(const struct out *o);

/* Flushes, names the file, frees o. False with *e ("writing FILE: No space left on device"); the
 * file then does not exist under its name. */
bool out_close(struct out *o, struct err *e);

/* Drops what was written and frees o. NULL is allowed. */
void out_abandon(struct out *o);

#endif
