#include "pace.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum { SECOND = 1000000000 };

struct pace pace_of(const struct series *s, size_t flow, enum series_dir dir)
{
    return (struct pace){
        .s = s,
        .dir = dir,
        .shared = strncmp(s->iat_column, "dir_", 4) != 0,
        .i = s->first[flow],
        .end = s->first[flow + 1],
    };
}

/* Sets the clock to that of the next packet of the direction; it is p->i then. */
static bool find_packet(struct pace *p)
{
    for (; p->i < p->end; p->i++) {
        if (p->shared || p->s->dir[p->i] == p->dir)
            p->clock_ns += p->s->iat[p->i];
        p->clock_second += p->clock_ns / SECOND;
        p->clock_ns %= SECOND;
        if (p->s->dir[p->i] == p->dir)
            return true;
    }
    return false;
}

bool pace_next(struct pace *p)
{
    bool any = false;

    while (p->found || (p->found = find_packet(p))) {
        if (any && p->clock_second != p->second)
            return true;
        p->bytes = any ? p->bytes + p->s->len[p->i] : p->s->len[p->i];
        p->second = p->clock_second;
        any = true;
        p->found = false;
        p->i++;
    }
    return any;
}

struct dist pace_dist(const struct series *s, enum series_dir dir)
{
    uint64_t *seconds = NULL, zeros = 0;
    size_t n = 0, cap = 0;

    for (size_t f = 0; f < s->n_flows; f++) {
        struct pace p = pace_of(s, f, dir);
        uint64_t next = UINT64_MAX; /* the second after that of the packets before */
        for (; pace_next(&p); next = p.second + 1) {
            if (next < p.second)
                zeros += p.second - next;
            seconds = mem_grow(seconds, &cap, n + 1, sizeof *seconds);
            seconds[n++] = p.bytes;
        }
    }
    const struct dist d = dist_of(seconds, n, zeros);
    free(seconds);
    return d;
}
