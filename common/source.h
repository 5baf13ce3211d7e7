/* The bytes of an input as a stdio stream: a file, standard input or memory, uncompressed if gzip
 * or zstd, told by content. Never seeks, so pipes will do. */
#ifndef WEIR_SOURCE_H
#define WEIR_SOURCE_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct source;

/* path NULL or "-": standard input. NULL with *e. Freed with source_close(). */
struct source *source_open(const char *path, struct err *e);

/* The same over memory, which must outlive the source; the name is for messages. */
struct source *source_open_memory(const void *p, size_t n, const char *name, struct err *e);
void source_close(struct source *s);

const char *source_name(const struct source *s); /* "standard input" where it is that */

/* The first (uncompressed) bytes, at most SOURCE_HEAD of them; the stream gives them once more. */
enum { SOURCE_HEAD = 24 }; /* a pcap file header: there before the first packet, live */
const uint8_t *source_head(const struct source *s, size_t *n);

/* The next bytes, up to n of them: what there is, at least one unless that was all. Before the
 * stream was handed out, or where it is unbuffered. */
size_t source_read(struct source *s, void *buf, size_t n);

/* These come next; they must stay until they were read. */
void source_unread(struct source *s, const void *p, size_t n);

/* The stream, unbuffered or not. It is closed by whoever takes it, before source_close(); it is
 * unlocked, for use by one thread. Handed out once; NULL when there is no memory. */
FILE *source_stream(struct source *s, bool buffered);

/* Why the stream ended before its time (damaged or cut gzip data, a read that failed), or NULL.
 * Such a stream just ends: look here when it does. */
const char *source_problem(const struct source *s);

#endif
