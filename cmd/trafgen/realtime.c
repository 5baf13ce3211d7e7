#include "realtime.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum {
    PRIORITY = 50,             /* of 1 to 99: below the kernel's own watchdogs */
    REALTIME_TURN = 800000000, /* ns; Linux steps in after 950 ms */
    NORMAL_TURN = 100000000,
};

void realtime_timers(void)
{
    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

bool realtime_begin(struct err *e)
{
    const struct sched_param p = {.sched_priority = PRIORITY};

    if (sched_setscheduler(0, SCHED_FIFO, &p) == 0 && mlockall(MCL_CURRENT | MCL_FUTURE) == 0)
        return true;
    if (errno == EPERM || errno == ENOMEM)
        return err_set(e,
                       "--realtime needs root or the capabilities cap_sys_nice and cap_ipc_lock");
    return err_sys(e, "--realtime");
}

static void begin_turn(struct realtime_turns *t, bool normal, uint64_t now)
{
    const struct sched_param p = {.sched_priority = normal ? 0 : PRIORITY};

    /* Where it fails, the thread stays what it is, which works too. */
    if (normal != t->normal)
        (void)sched_setscheduler(0, normal ? SCHED_OTHER : SCHED_FIFO, &p);
    *t = (struct realtime_turns){normal, now, 0};
}

void realtime_turn(struct realtime_turns *t, uint64_t now)
{
    const uint64_t length = t->normal ? NORMAL_TURN : REALTIME_TURN;

    if (now - t->since >= length)
        begin_turn(t, !t->normal && t->slept < NORMAL_TURN, now);
}
