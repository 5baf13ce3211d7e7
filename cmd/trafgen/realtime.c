#include "realtime.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum { PRIORITY = 50 }; /* of 1 to 99: below the kernel's own watchdogs */

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
