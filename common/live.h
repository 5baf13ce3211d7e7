/* What a live capture needs besides packets: an end, and fewer privileges. */
#ifndef WEIR_LIVE_H
#define WEIR_LIVE_H

#include "capture.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>

/* Stops the captures (those that are not NULL) at SIGINT, SIGTERM, SIGHUP or after so many seconds
 * (0: never). Once at a time; live_unwatch() before they are closed. False with *e. */
bool live_watch(struct capture *const *captures, size_t n, double seconds, struct err *e);
void live_unwatch(void);

/* Becomes the user, with the user's groups, for good. False with *e. */
bool live_become(const char *user, struct err *e);

#endif
