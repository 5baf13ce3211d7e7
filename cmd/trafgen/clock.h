/* The clock that packets are sent by: the machine's, or one that runs only when it is waited for,
 * which covers hours of a schedule at once. Times are ns since some moment. */
#ifndef TRAFGEN_CLOCK_H
#define TRAFGEN_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock;

/* CLOCK_MONOTONIC. With `realtime`, for a thread that comes before all others, and
 * takes realtime_turn()s while it waits. The last moments of
 * a wait are spent calling warm(arg) over and over, so that the caches hold what comes after the
 * wait; NULL: no such thing. Freed with clock_free(). */
struct clock *clock_real(bool realtime, void (*warm)(void *arg), void *arg);

/* Starts at 0. */
struct clock *clock_simulated(void);
void clock_free(struct clock *c);

uint64_t clock_now(const struct clock *c);

/* Returns at `due` or as soon after it as can be, at once where that is past; before it only after
 * stop_asked(). The real clock sleeps until shortly before, by a margin that follows how late the
 * system wakes us up, and then looks at the time without a pause. */
void clock_wait(struct clock *c, uint64_t due);

/* Something took so many ns: only a simulated clock has to be told. */
void clock_spend(struct clock *c, uint64_t ns);

#endif
