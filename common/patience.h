/* Waiting for something that is away and may come back: 0.1 s before the first attempt, twice as
 * long before each further one, up to 5 s; and an end to it. */
#ifndef WEIR_PATIENCE_H
#define WEIR_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds that an absence may last in all; the rest is zero at first. */
struct patience {
    double most;
    uint64_t until; /* ns of time_now(); 0: nothing has been waited for yet */
    uint64_t pause; /* ns, the next one */
};

/* Sleeps until the next attempt is due. False when the time is up, or as soon as give_up() says so
 * (NULL: never); it is asked ten times a second. */
bool patience_wait(struct patience *p, bool (*give_up)(void));

/* All is well again: the next absence has the whole time. */
void patience_renew(struct patience *p);

/* ns of a clock that never goes back. */
uint64_t time_now(void);

#endif
