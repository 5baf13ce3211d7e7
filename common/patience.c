#include "patience.h"

#include <time.h>

#define SECOND UINT64_C(1000000000)
#define FIRST_PAUSE (SECOND / 10)
#define LONGEST_PAUSE (5 * SECOND)
#define LOOK_AROUND (SECOND / 10)

uint64_t time_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

bool patience_wait(struct patience *p, bool (*give_up)(void))
{
    const uint64_t begin = time_now();

    if (p->until == 0) {
        p->until = begin + (uint64_t)(p->most * (double)SECOND);
        p->pause = FIRST_PAUSE;
    }
    if (begin >= p->until)
        return false;
    const uint64_t due = begin + p->pause < p->until ? begin + p->pause : p->until;
    for (uint64_t now = begin; now < due; now = time_now()) {
        if (give_up && give_up())
            return false;
        const uint64_t left = due - now < LOOK_AROUND ? due - now : LOOK_AROUND;
        (void)nanosleep(&(struct timespec){.tv_nsec = (long)left}, NULL);
    }
    p->pause = 2 * p->pause < LONGEST_PAUSE ? 2 * p->pause : LONGEST_PAUSE;
    return true;
}

void patience_renew(struct patience *p)
{
    p->until = 0;
}
