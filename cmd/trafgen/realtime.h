/* A thread that comes before all others. */
#ifndef TRAFGEN_REALTIME_H
#define TRAFGEN_REALTIME_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

/* Timers of the calling thread end when they should, not up to 50 us later, as they may by default.
 */
void realtime_timers(void);

/* SCHED_FIFO for the calling thread and those that it starts, and the program's memory stays in
 * memory. False with *e: not permitted. */
bool realtime_begin(struct err *e);

/* Linux keeps 50 ms of a second, in one piece, from a real-time process that leaves other work no
 * time. A thread that takes turns with normal priority loses them in slices of a few ms, and none
 * where another processor is free. */
struct realtime_turns {
    bool normal;    /* the priority of this turn */
    uint64_t since; /* when it began, ns */
    uint64_t slept; /* ns of it in which the thread gave other work time anyway */
};

/* To be called often while realtime_begin()'s thread is awake, with the time: changes its priority
 * when it is time to. */
void realtime_turn(struct realtime_turns *t, uint64_t now);

#endif
