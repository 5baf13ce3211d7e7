#include "stats.h"

#include "mem.h"
#include "num.h"
#include "textbuf.h"
#include "wall.h"

#include <stdlib.h>

enum { SECOND = 1000000000 };

struct stats {
    uint64_t interval;
    const struct options *o;
    const struct input *in;
    struct tap_counts *kernel; /* of each origin, at the end of the window before */
    bool begun;
    uint64_t began, latest; /* of the window at hand; the greatest time in it */
    uint64_t packets, bytes, rows;
};

struct stats *stats_new(uint64_t interval, const struct options *o, const struct input *in)
{
    struct stats *const s = mem_zero(1, sizeof *s);

    s->interval = interval;
    s->o = o;
    s->in = in;
    s->kernel = mem_zero(o->n_origins, sizeof *s->kernel);
    return s;
}

void stats_free(struct stats *s)
{
    if (!s)
        return;
    free(s->kernel);
    free(s);
}

bool stats_due(struct stats *s, uint64_t now)
{
    if (!s->begun) {
        s->begun = true;
        s->began = s->latest = now;
    }
    return now >= s->began && now - s->began >= s->interval;
}

void stats_add(struct stats *s, const struct frame *f)
{
    s->packets++;
    s->bytes += f->len;
    s->latest = f->ts > s->latest ? f->ts : s->latest;
}

static void put_kernel(struct stats *s, struct textbuf *t)
{
    for (size_t i = 0; i < s->o->n_origins; i++) {
        const char *const name = s->o->origins[i].name;
        const struct tap_counts before = s->kernel[i];
        if (!input_counts(s->in, i, &s->kernel[i]))
            continue;
        textbuf_printf(t, " %s.received=%llu %s.dropped=%llu %s.lost=%llu", name,
                       (unsigned long long)(s->kernel[i].received - before.received), name,
                       (unsigned long long)(s->kernel[i].dropped - before.dropped), name,
                       (unsigned long long)(s->kernel[i].lost - before.lost));
    }
}

static void print(struct stats *s, uint64_t length, uint64_t flows, uint64_t rows)
{
    const double seconds = (double)length / SECOND;
    char time[NUM_TIME_MAX + 1] = "";
    struct textbuf t = {0};

    *num_put_time(time, s->began) = '\0';
    textbuf_printf(
        &t,
        "stats: time=%s seconds=%.3f packets=%llu bytes=%llu packets_per_s=%.1f bytes_per_s=%.1f "
        "flows=%llu rows=%llu",
        time, seconds, (unsigned long long)s->packets, (unsigned long long)s->bytes,
        length ? (double)s->packets / seconds : 0, length ? (double)s->bytes / seconds : 0,
        (unsigned long long)flows, (unsigned long long)(rows - s->rows));
    if (s->o->live)
        put_kernel(s, &t);
    warn("%s", t.p);
    free(t.p);
    s->packets = s->bytes = 0;
    s->rows = rows;
}

/* Windows without a packet have a line live; in a file there may be days without one. */
void stats_line(struct stats *s, uint64_t now, uint64_t flows, uint64_t rows)
{
    const uint64_t over = (now - s->began) / s->interval;
    const uint64_t length = s->o->live ? over * s->interval : s->interval;

    print(s, length, flows, rows);
    s->began += over * s->interval;
    s->latest = s->began;
}

void stats_end(struct stats *s, uint64_t flows, uint64_t rows)
{
    if (!s->begun)
        return;
    const uint64_t now = s->o->live ? wall_now() : s->latest;
    print(s, now > s->began ? now - s->began : 0, flows, rows);
    s->begun = false;
}
