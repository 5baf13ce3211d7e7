/* A thread that comes before all others. */
#ifndef TRAFGEN_REALTIME_H
#define TRAFGEN_REALTIME_H

#include "err.h"

#include <stdbool.h>

/* Timers of the calling thread end when they should, not up to 50 us later, as they may by default.
 */
void realtime_timers(void);

/* SCHED_FIFO for the calling thread and those that it starts, and the program's memory stays in
 * memory. False with *e: not permitted. */
bool realtime_begin(struct err *e);

#endif
