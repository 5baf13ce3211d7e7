#include "parts.h"

#include "mem.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

static void copy_series(struct parts *p, const struct symbols *s)
{
    size_t to = 0;

    p->n_sequences = s->n_sequences;
    p->series = mem_alloc(s->n + s->n_sequences, sizeof *p->series);
    p->first = mem_alloc(s->n_sequences + 1, sizeof *p->first);
    p->cut = mem_alloc(s->n_sequences, sizeof *p->cut);
    for (size_t f = 0; f < s->n_sequences; f++) {
        const size_t n = s->first[f + 1] - s->first[f];
        p->series[to++] = (uint32_t)intern_count(s->names);
        p->first[f] = to;
        p->cut[f] = n;
        memcpy(p->series + to, s->symbol + s->first[f], n * sizeof *p->series);
        to += n;
    }
    p->first[s->n_sequences] = to + 1; /* as if one more began */
}

static size_t length_of(const struct parts *p, size_t f)
{
    return p->first[f + 1] - 1 - p->first[f];
}

/* Whole sequences, but never the last one that is left. */
static void hold_sequences(struct parts *p, uint64_t want, uint64_t seed)
{
    struct rng r = rng_new(seed, 1);
    uint32_t *const order = mem_alloc(p->n_sequences, sizeof *order);

    for (size_t f = 0; f < p->n_sequences; f++)
        order[f] = (uint32_t)f;
    rng_shuffle(&r, order, p->n_sequences);
    for (size_t i = 0; i + 1 < p->n_sequences && p->held < want; i++) {
        p->cut[order[i]] = 0;
        p->held += length_of(p, order[i]);
    }
    free(order);
}

static bool hold(struct parts *p, const struct symbols *s, double share, uint64_t seed,
                 struct err *e)
{
    const uint64_t want = (uint64_t)(share * (double)s->n);

    if (share > 0 && want == 0)
        return err_set(e, "%zu symbol%s too few to hold some back (--validation=0 holds none)",
                       s->n, s->n == 1 ? " is" : "s are");
    if (p->n_sequences > 1) {
        hold_sequences(p, want, seed);
    } else {
        p->cut[0] -= want;
        p->held = want;
    }
    p->trained = s->n - p->held;
    return true;
}

/* Windows of `size` over the inputs [from, to) of the series; the first `known` of them only tell
 * what came before. */
static void cover(struct windows *w, size_t from, size_t to, size_t known, size_t size, size_t step)
{
    const size_t n = to - from < size ? to - from : size, last = to - from - n;
    size_t seen = known;

    for (size_t at = 0;; at = at + step < last ? at + step : last) {
        const size_t slack = last - at < step ? last - at : step - 1;
        w->all = mem_grow(w->all, &w->cap, w->n + 1, sizeof *w->all);
        w->all[w->n++] = (struct window){from + at, (uint32_t)n,
                                         seen > at ? (uint32_t)(seen - at) : 0, (uint32_t)slack};
        seen = at + n;
        if (at == last)
            return;
    }
}

bool parts_make(struct parts *p, const struct symbols *s, double share, size_t window,
                uint64_t seed, struct err *e)
{
    *p = (struct parts){0};
    copy_series(p, s);
    if (!hold(p, s, share, seed, e)) {
        parts_free(p);
        return false;
    }
    for (size_t f = 0; f < p->n_sequences; f++) {
        const size_t begin = p->first[f] - 1, n = length_of(p, f), cut = p->cut[f];
        const size_t known = cut < window / 2 ? cut : window / 2;
        if (cut > 0)
            cover(&p->train, begin, begin + cut, 0, window, window / 4);
        if (cut < n)
            cover(&p->valid, begin + cut - known, begin + n, known, window, window - window / 2);
    }
    return true;
}

void parts_free(struct parts *p)
{
    free(p->series);
    free(p->first);
    free(p->cut);
    free(p->train.all);
    free(p->valid.all);
}
