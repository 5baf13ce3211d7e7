/* What a live capture needs besides packets: an end, and fewer privileges. */
#ifndef WEIR_LIVE_H
#define WEIR_LIVE_H

#include "capture.h"
#include "err.h"

#include <stdbool.h>

/* Stops the capture at SIGINT, SIGTERM, SIGHUP or after so many seconds (0: never). One capture at
 * a time; live_unwatch() before it is closed. False with *e. */
bool live_watch(struct capture *c, double seconds, struct err *e);
void live_unwatch(void);

/* Becomes the user, with the user's groups, for good. False with *e. */
bool live_become(const char *user, struct err *e);

#endif
