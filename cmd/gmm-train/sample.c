#include "sample.h"

#include "mem.h"
#include "sort.h"
#include "vec.h"

#include <stdlib.h>

enum { LEN_BITS = 16, IAT_BITS = 48 };
_Static_assert(SERIES_MAX_IAT < UINT64_C(1) << IAT_BITS, "a packet is a key of 64 bits");

/* Equal points are neighbours in order; distinct times may fall together in the plane. */
static void add_packet(struct sample *s, uint64_t key)
{
    const uint64_t iat = key & SERIES_MAX_IAT;
    const struct point p = series_point((uint16_t)(key >> IAT_BITS), iat);
    const size_t last = s->n - 1;

    if (s->n == 0 || s->len[last] != p.len || s->iat[last] != p.iat) {
        s->len[s->n] = p.len;
        s->iat[s->n] = p.iat;
        s->blur[s->n++] = blurs_place(&s->blurs, iat);
    }
    s->count[s->n - 1]++;
}

/* Gives back the room for points that there are not. */
static void shrink(struct sample *s)
{
    const size_t stride = vec_stride(s->n);

    s->len = mem_resize(s->len, stride, sizeof *s->len);
    s->iat = mem_resize(s->iat, stride, sizeof *s->iat);
    s->count = mem_resize(s->count, stride, sizeof *s->count);
    s->blur = mem_resize(s->blur, stride, sizeof *s->blur);
}

static struct point mean_of(const struct sample *s)
{
    struct point sum = {0, 0};

    for (size_t i = 0; i < s->n; i++) {
        sum.len += s->count[i] * s->len[i];
        sum.iat += s->count[i] * s->iat[i];
    }
    return (struct point){sum.len / s->packets, sum.iat / s->packets};
}

struct sample *sample_new(const struct series *s, size_t first, size_t end, bool exact)
{
    const size_t n = end - first, stride = vec_stride(n);
    uint64_t *const keys = mem_alloc(n, sizeof *keys), *const spare = mem_alloc(n, sizeof *spare);
    struct sample *const d = mem_zero(1, sizeof *d);

    for (size_t i = 0; i < n; i++)
        keys[i] = (uint64_t)s->len[first + i] << IAT_BITS | s->iat[first + i];
    const uint64_t *const sorted = sort_keys(keys, spare, n, 0, LEN_BITS + IAT_BITS);
    d->len = mem_zero(stride, sizeof *d->len);
    d->iat = mem_zero(stride, sizeof *d->iat);
    d->count = mem_zero(stride, sizeof *d->count);
    d->blur = mem_zero(stride, sizeof *d->blur);
    d->blurs = exact ? blurs_none() : blurs_of(s->resolution);
    for (size_t i = 0; i < n; i++)
        add_packet(d, sorted[i]);
    shrink(d);
    d->packets = (double)n;
    d->origin = mean_of(d);
    free(keys);
    free(spare);
    return d;
}

void sample_free(struct sample *s)
{
    if (!s)
        return;
    free(s->len);
    free(s->iat);
    free(s->count);
    free(s->blur);
    free(s);
}
