/* The ring buffer of an XDP program, pinned in the BPF file system. */
#ifndef VERDICTS_RING_H
#define VERDICTS_RING_H

#include "err.h"
#include "source.h"

#include <stdbool.h>

struct ring;

/* Opens the ring at a path; reports go to the sink. clock_offset is added to times that are not a
 * shim's. NULL with *e. Freed with ring_close(). */
struct ring *ring_open(const char *path, uint64_t clock_offset, const struct source_sink *sink,
                       struct source_counts *counts, struct err *e);
void ring_close(struct ring *r);

/* Takes all that is in the ring. */
enum source_answer ring_drain(struct ring *r, struct err *e);

/* Becomes readable when there is something in the ring. */
int ring_fd(const struct ring *r);

#endif
