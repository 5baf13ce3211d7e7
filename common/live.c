#include "live.h"

#include <errno.h>
#include <grp.h>
#include <math.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

/* A signal handler gets no argument. */
static struct capture *const *volatile watched;
static volatile size_t n_watched;

static void stop(int number)
{
    struct capture *const *const all = watched;

    (void)number;
    for (size_t i = 0; all && i < n_watched; i++)
        if (all[i])
            capture_stop(all[i]);
}

bool live_watch(struct capture *const *captures, size_t n, double seconds, struct err *e)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM};
    /* A second signal ends the program even where it waits for a slow reader. */
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};

    n_watched = n;
    watched = captures;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (sigaction(signals[i], &action, NULL) != 0)
            return err_sys(e, "sigaction");
    const double whole = floor(seconds);
    const struct itimerval timer = {
        .it_value = {(time_t)whole, (suseconds_t)((seconds - whole) * 1e6)},
    };
    return setitimer(ITIMER_REAL, &timer, NULL) == 0 || err_sys(e, "setitimer");
}

void live_unwatch(void)
{
    const struct itimerval never = {.it_value = {0, 0}};

    (void)setitimer(ITIMER_REAL, &never, NULL);
    watched = NULL;
}

bool live_become(const char *user, struct err *e)
{
    errno = 0;
    const struct passwd *const u = getpwnam(user);

    if (!u)
        return err_set(e, "-Z: there is no user '%s'", user);
    if (initgroups(user, u->pw_gid) != 0 || setgid(u->pw_gid) != 0 || setuid(u->pw_uid) != 0)
        return err_sys(e, "-Z: can't become '%s'", user);
    /* A set-user-ID remnant would let the way back open. */
    if (u->pw_uid != 0 && setuid(0) == 0)
        return err_set(e, "-Z: could become root again");
    return true;
}
