#include "schedule.h"

struct schedule schedule_new(uint64_t start, double speed, bool has_gap, uint64_t gap)
{
    return (struct schedule){.start = start, .speed = speed, .has_gap = has_gap, .gap = gap};
}

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Rounded to the nearest; whole ns stay what they are at speed 1. */
static uint64_t divided(uint64_t ns, double speed)
{
    const long double wanted = (long double)ns / (long double)speed + 0.5L;

    if (speed == 1)
        return ns;
    return wanted >= 18446744073709551615.0L ? UINT64_MAX : (uint64_t)wanted;
}

static bool begin_round(struct schedule *s, uint64_t round, struct err *e)
{
    const uint64_t span = s->last - s->first;

    if (!s->has_gap && span == 0)
        return err_set(e, "all packets have the same time, so there is no gap to repeat them "
                          "after: say --loop-gap=SECONDS");
    if (!s->has_gap) {
        s->gap = span / (s->packets - 1);
        s->has_gap = true;
    }
    s->before = add(s->before, add(span, s->gap));
    s->round = round;
    return true;
}

bool schedule_due(struct schedule *s, uint64_t ts, uint64_t round, uint64_t *due, struct err *e)
{
    if (round != s->round) {
        if (!begin_round(s, round, e))
            return false;
        s->packets = 0;
    }
    if (s->packets++ == 0)
        s->first = ts;
    s->last = ts;
    *due = add(add(s->start, s->moved), divided(add(s->before, ts - s->first), s->speed));
    return true;
}

void schedule_move(struct schedule *s, uint64_t ns)
{
    s->moved = add(s->moved, ns);
}
