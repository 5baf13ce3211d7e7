/* Packets sent live, and what is said about it. */
#ifndef TRAFGEN_PLAY_H
#define TRAFGEN_PLAY_H

#include "err.h"
#include "options.h"
#include "packets.h"

#include <stdbool.h>

/* Sends the frames of `p`, which it takes over, or with p NULL those of the capture o->replay. Says
 * on standard error how it went. False with *e. */
bool play(struct packets *p, const struct options *o, struct err *e);

#endif
