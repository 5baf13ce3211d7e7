#include "window.h"

#include "mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Means become whole numbers in thousandths. */
static const double MILLI = 1000;

enum { WAYS = 4 }; /* in which two neighbours can have directions */

size_t window_width(size_t packets)
{
    const size_t of_packet = 3, of_direction = 14, of_way = 2;

    return of_packet * packets + of_direction * SERIES_BOTH + of_way * WAYS;
}

static uint64_t whole(double v)
{
    return v > 0 ? (uint64_t)(v * MILLI + 0.5) : 0;
}

/* Numbers of which the least and so on are told. */
struct summary {
    size_t n, changes;
    double sum, squares, before, change;
    uint64_t least, most;
};

/* `scaled` is what means are made of. */
static void summary_add(struct summary *s, uint64_t v, double scaled)
{
    if (s->n > 0) {
        s->change += fabs(scaled - s->before);
        s->changes++;
    }
    s->least = s->n == 0 || v < s->least ? v : s->least;
    s->most = s->n == 0 || v > s->most ? v : s->most;
    s->sum += scaled;
    s->squares += scaled * scaled;
    s->before = scaled;
    s->n++;
}

static uint64_t *summary_put(const struct summary *s, uint64_t *to)
{
    const double n = s->n > 0 ? (double)s->n : 1;
    const double mean = s->sum / n;
    const double variance = s->squares / n - mean * mean;

    *to++ = s->least;
    *to++ = s->most;
    *to++ = whole(mean);
    *to++ = whole(variance > 0 ? sqrt(variance) : 0);
    *to++ = s->changes > 0 ? whole(s->change / (double)s->changes) : 0;
    return to;
}

/* Whether none of the direction's packets of the window before i has the length of i. */
static bool is_new_len(const struct series *s, size_t first, size_t i)
{
    for (size_t k = first; k < i; k++)
        if (s->dir[k] == s->dir[i] && s->len[k] == s->len[i])
            return false;
    return true;
}

static uint64_t *describe_direction(const struct series *s, size_t first, size_t packets,
                                    uint8_t dir, uint64_t *to)
{
    struct summary len = {0}, iat = {0};
    uint64_t time = 0, lengths = 0, repeats = 0;
    size_t before = SIZE_MAX;

    for (size_t i = first; i < first + packets; i++) {
        if (s->dir[i] != dir)
            continue;
        summary_add(&len, s->len[i], s->len[i]);
        summary_add(&iat, s->iat[i], series_point(s->len[i], s->iat[i]).iat);
        time += s->iat[i];
        lengths += is_new_len(s, first, i);
        repeats += before != SIZE_MAX && s->len[before] == s->len[i];
        before = i;
    }
    *to++ = len.n;
    *to++ = time;
    *to++ = lengths;
    *to++ = repeats;
    return summary_put(&iat, summary_put(&len, to));
}

static uint64_t *describe_neighbours(const struct series *s, size_t first, size_t packets,
                                     uint64_t *to)
{
    uint64_t n[WAYS] = {0};
    double time[WAYS] = {0};

    for (size_t i = first + 1; i < first + packets; i++) {
        const size_t way = 2U * s->dir[i - 1] + s->dir[i];
        n[way]++;
        time[way] += series_point(s->len[i], s->iat[i]).iat;
    }
    for (size_t way = 0; way < WAYS; way++) {
        *to++ = n[way];
        *to++ = n[way] > 0 ? whole(time[way] / (double)n[way]) : 0;
    }
    return to;
}

void window_describe(const struct series *s, size_t first, size_t packets, uint64_t *to)
{
    for (size_t i = first; i < first + packets; i++) {
        *to++ = s->dir[i];
        *to++ = s->len[i];
        *to++ = s->iat[i];
    }
    to = describe_direction(s, first, packets, SERIES_FORWARD, to);
    to = describe_direction(s, first, packets, SERIES_BACKWARD, to);
    (void)describe_neighbours(s, first, packets, to);
}

static size_t windows_of_flow(const struct series *s, size_t flow, size_t needed, size_t stride)
{
    const size_t n = s->first[flow + 1] - s->first[flow];

    return n < needed ? 0 : (n - needed) / stride + 1;
}

size_t *window_places(const struct series *s, size_t packets, size_t stride, size_t extra,
                      size_t most, size_t *n)
{
    const size_t needed = packets + extra;
    size_t all = 0, at = 0, taken = 0;

    for (size_t f = 0; f < s->n_flows; f++)
        all += windows_of_flow(s, f, needed, stride);
    *n = most > 0 && all > most ? most : all;
    size_t *const places = mem_alloc(*n, sizeof *places);
    for (size_t f = 0; f < s->n_flows; f++)
        for (size_t i = 0; i < windows_of_flow(s, f, needed, stride); i++, at++)
            if (taken < *n && at == taken * all / *n)
                places[taken++] = s->first[f] + i * stride;
    return places;
}
