#include "clock.h"

#include "mem.h"
#include "realtime.h"
#include "stop.h"

#include <stdlib.h>
#include <time.h>

#define SECOND UINT64_C(1000000000)

enum {
    LONGEST_SLEEP =
        100000000,      /* ns: a signal between stop_asked() and the sleep must not be lost */
    WARM_FROM = 100000, /* ns before the packet */
    WARM_UNTIL = 3000,  /* one call more must fit */
};

/* How long before a packet to wake up, ns. */
struct margins {
    uint64_t least, first, most;
};

/* On a busy machine the scheduler makes up for longer waits at our cost: measured there, a margin
 * of up to 2 ms instead of 0.3 ms brought the median error of gaps from 5 us to 1.3 ms. */
static const struct margins shared = {30000, 100000, 150000};

/* Nobody can take the processor back then, so it had better be ours when the kernel is slow to let
 * go of something else. Measured on a call beside much other work: with 5 ms instead of 1 ms, p99
 * of the error of gaps came down from 962 to 108 us. */
static const struct margins ours = {5000000, 5000000, 10000000};

struct clock {
    uint64_t (*now)(const struct clock *c);
    void (*wait)(struct clock *c, uint64_t due);
    void (*warm)(void *arg);
    void *arg;
    const struct margins *margins;
    uint64_t margin; /* ns between waking up and the packet */
    bool realtime;
    struct realtime_turns turns;
    uint64_t passed; /* of a simulated clock */
};

static uint64_t real_now(const struct clock *c)
{
    struct timespec t;

    (void)c;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

/* Up at once, down slowly: being woken up too late costs a packet's time, too early some work. */
static void adapt(struct clock *c, uint64_t overslept)
{
    uint64_t wanted = overslept + overslept / 2;

    if (wanted < c->margins->least)
        wanted = c->margins->least;
    if (wanted > c->margins->most)
        wanted = c->margins->most;
    c->margin = wanted > c->margin ? wanted : c->margin - (c->margin - wanted) / 32;
}

static void sleep_until(struct clock *c, uint64_t wake)
{
    for (uint64_t now; !stop_asked() && (now = real_now(c)) < wake;) {
        const bool last = wake - now <= LONGEST_SLEEP;
        const uint64_t until = last ? wake : now + LONGEST_SLEEP;
        const struct timespec t = {(time_t)(until / SECOND), (long)(until % SECOND)};

        if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == 0 && last)
            adapt(c, real_now(c) - until);
        c->turns.slept += until - now;
    }
}

static void real_wait(struct clock *c, uint64_t due)
{
    if (c->realtime)
        realtime_turn(&c->turns, real_now(c));
    if (due > real_now(c) + c->margin)
        sleep_until(c, due - c->margin);
    while (real_now(c) + WARM_FROM < due && !stop_asked())
        ;
    while (c->warm && real_now(c) + WARM_UNTIL < due && !stop_asked())
        c->warm(c->arg);
    while (real_now(c) < due && !stop_asked())
        ;
}

static uint64_t simulated_now(const struct clock *c)
{
    return c->passed;
}

static void simulated_wait(struct clock *c, uint64_t due)
{
    if (c->passed < due)
        c->passed = due;
}

struct clock *clock_real(bool realtime, void (*warm)(void *arg), void *arg)
{
    struct clock *const c = mem_alloc(1, sizeof *c);
    const struct margins *const m = realtime ? &ours : &shared;

    *c = (struct clock){real_now, real_wait, warm, arg, m, m->first, realtime, {0}, 0};
    c->turns.since = real_now(c);
    return c;
}

struct clock *clock_simulated(void)
{
    struct clock *const c = mem_alloc(1, sizeof *c);

    *c = (struct clock){.now = simulated_now, .wait = simulated_wait};
    return c;
}

void clock_free(struct clock *c)
{
    free(c);
}

uint64_t clock_now(const struct clock *c)
{
    return c->now(c);
}

void clock_wait(struct clock *c, uint64_t due)
{
    c->wait(c, due);
}

void clock_spend(struct clock *c, uint64_t ns)
{
    c->passed += ns;
}
