/* Progress on standard error: "tool: reading 1,200,000 packets, 34 s", a few times a second at
 * most. Does nothing when it is not wanted. */
#ifndef WEIR_PROGRESS_H
#define WEIR_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress;

/* `what` ("packets", "trees") must outlive it; total 0: unknown. Freed with progress_end(), which
 * clears the line. */
struct progress *progress_new(bool wanted, const char *what, uint64_t total);
void progress_at(struct progress *p, uint64_t done);
void progress_end(struct progress *p);

#endif
