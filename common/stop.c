#include "stop.h"

#include <signal.h>
#include <stddef.h>

/* A signal handler gets no argument. */
static volatile sig_atomic_t asked;

static void ask(int number)
{
    (void)number;
    asked = 1;
}

bool stop_watch(struct err *e)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = ask, .sa_flags = (int)SA_RESETHAND};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (sigaction(signals[i], &action, NULL) != 0)
            return err_sys(e, "sigaction");
    return true;
}

bool stop_asked(void)
{
    return asked != 0;
}
