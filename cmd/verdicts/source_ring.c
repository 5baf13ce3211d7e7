#include "ring.h"
#include "sandbox.h"
#include "source.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* From the kernel's monotonic clock to the time since the epoch, in ns. */
static uint64_t clock_offset(void)
{
    struct timespec real, monotonic;

    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    clock_gettime(CLOCK_REALTIME, &real);
    return (uint64_t)(real.tv_sec - monotonic.tv_sec) * 1000000000 + (uint64_t)real.tv_nsec -
           (uint64_t)monotonic.tv_nsec;
}

/* Readable at SIGINT, SIGTERM and SIGHUP, which then do not end the program. A shell starts what
 * runs behind it with SIGINT ignored, and what is ignored never becomes readable. */
static int open_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaddset(&set, signals[i]);
        if (signal(signals[i], SIG_DFL) == SIG_ERR)
            return -1;
    }
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Readable after so many seconds; never where they are 0. */
static int open_timer(double seconds)
{
    const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const double whole = floor(seconds);
    const struct itimerspec when = {
        .it_value = {(time_t)whole, (long)((seconds - whole) * 1e9)},
    };

    if (fd >= 0 && timerfd_settime(fd, 0, &when, NULL) == 0)
        return fd;
    return -1;
}

static enum source_answer follow(struct ring *ring, struct pollfd fds[3],
                                 const struct source_sink *sink, struct err *e)
{
    enum source_answer answer = SOURCE_MORE;
    bool stopped = false;

    while (answer == SOURCE_MORE && !stopped) {
        if (poll(fds, 3, -1) < 0 && errno != EINTR) {
            err_sys(e, "poll");
            return SOURCE_FAILED;
        }
        stopped = fds[1].revents || fds[2].revents;
        answer = ring_drain(ring, e);
        sink->idle(sink->context);
    }
    return answer;
}

bool source_ring(const struct options *o, const struct source_sink *sink,
                 struct source_counts *counts, struct err *e)
{
    struct ring *const ring = ring_open(o->ring, clock_offset(), sink, counts, e);

    if (!ring)
        return false;
    const int signals = open_signals(), timer = open_timer(o->duration);
    enum source_answer answer = SOURCE_FAILED;
    if (signals < 0 || timer < 0) {
        err_sys(e, "signalfd, timerfd");
    } else if (sandbox_enter(o->shared, sandbox_for_output(o->shared->output), e)) {
        struct pollfd fds[3] = {
            {.fd = ring_fd(ring), .events = POLLIN},
            {.fd = signals, .events = POLLIN},
            {.fd = timer, .events = POLLIN},
        };
        answer = follow(ring, fds, sink, e);
    }
    if (signals >= 0)
        (void)close(signals);
    if (timer >= 0)
        (void)close(timer);
    ring_close(ring);
    return answer != SOURCE_FAILED;
}
