#include "progress.h"

#include "mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct progress {
    bool wanted, shown;
    const char *what;
    uint64_t total, look; /* the clock is not read before `look` is reached */
    double start, last;
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct progress *progress_new(bool wanted, const char *what, uint64_t total)
{
    struct progress *const p = mem_alloc(1, sizeof *p);

    *p = (struct progress){.wanted = wanted, .what = what, .total = total};
    if (wanted)
        p->start = p->last = now();
    else
        p->look = UINT64_MAX;
    return p;
}

static void show(struct progress *p, uint64_t done, double t)
{
    const double seconds = t - p->start;

    if (p->total)
        (void)fprintf(stderr, "\r\033[K%s: %llu of %llu %s, %.0f s", program_invocation_short_name,
                      (unsigned long long)done, (unsigned long long)p->total, p->what, seconds);
    else
        (void)fprintf(stderr, "\r\033[K%s: %llu %s, %.0f s", program_invocation_short_name,
                      (unsigned long long)done, p->what, seconds);
    (void)fflush(stderr);
    p->shown = true;
}

void progress_at(struct progress *p, uint64_t done)
{
    if (done < p->look)
        return;
    const double t = now();
    /* Where the count runs fast, look at the clock once in a while only. */
    p->look = done + (p->total ? 1 + p->total / 1000 : 4096);
    if (t - p->last >= 0.25) {
        p->last = t;
        show(p, done, t);
    }
}

void progress_end(struct progress *p)
{
    if (!p)
        return;
    if (p->shown)
        (void)fputs("\r\033[K", stderr);
    free(p);
}
