#include "observed.h"

#include "mem.h"

#include <stdlib.h>

enum { MOST_DISTINCT = 1 << 22 };

/* An open hash table of places in o->distinct. */
struct places {
    uint32_t *slots; /* place + 1; 0: free */
    size_t mask;
};

static uint64_t hash(uint64_t iat, uint16_t len, bool forward)
{
    uint64_t h = (iat << 16 | len) ^ (forward ? UINT64_C(0x5851f42d4c957f2d) : 0);

    h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
    h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return h ^ h >> 32;
}

struct distinct {
    struct observed *o;
    struct places places;
    uint64_t *iat; /* of each distinct packet */
    size_t cap, cap_iat, most;
    bool joint;
};

static void grow_places(struct distinct *d)
{
    const size_t size = d->places.slots ? 2 * (d->places.mask + 1) : 1024;
    const struct observed *const o = d->o;

    free(d->places.slots);
    d->places = (struct places){mem_zero(size, sizeof(uint32_t)), size - 1};
    for (size_t i = 0; i < o->n_distinct; i++) {
        const struct packet *const p = &o->distinct[i];
        size_t at = hash(d->iat[i], p->len, p->forward) & d->places.mask;
        while (d->places.slots[at] > 0)
            at = (at + 1) & d->places.mask;
        d->places.slots[at] = (uint32_t)i + 1;
    }
}

static struct packet packet_of(const struct observed *o, size_t t)
{
    const struct series *const s = o->s;

    return (struct packet){.p = series_point(s->len[t], s->iat[t]),
                           .len = s->len[t],
                           .length = o->length_of[s->len[t]],
                           .forward = s->dir[t] == SERIES_FORWARD,
                           .blur = o->blur[t]};
}

/* The place of packet t among the distinct ones, which it joins if it is new. */
static uint32_t place_of(struct distinct *d, size_t t)
{
    struct observed *const o = d->o;
    const uint64_t iat = o->s->iat[t];
    const uint16_t len = o->s->len[t];
    const bool forward = d->joint && o->s->dir[t] == SERIES_FORWARD;

    if (2 * o->n_distinct >= d->places.mask)
        grow_places(d);
    size_t at = hash(iat, len, forward) & d->places.mask;
    for (; d->places.slots[at] > 0; at = (at + 1) & d->places.mask) {
        const uint32_t i = d->places.slots[at] - 1;
        const struct packet *const p = &o->distinct[i];
        if (d->iat[i] == iat && p->len == len && p->forward == forward)
            return i;
    }
    o->distinct = mem_grow(o->distinct, &d->cap, o->n_distinct + 1, sizeof *o->distinct);
    d->iat = mem_grow(d->iat, &d->cap_iat, o->n_distinct + 1, sizeof *d->iat);
    o->distinct[o->n_distinct] = packet_of(o, t);
    o->distinct[o->n_distinct].forward = forward;
    d->iat[o->n_distinct] = iat;
    d->places.slots[at] = (uint32_t)o->n_distinct + 1;
    return (uint32_t)o->n_distinct++;
}

static void find_distinct(struct observed *o, bool joint)
{
    struct distinct d = {.o = o, .joint = joint};
    size_t t = 0;

    d.most = o->n / 2 < MOST_DISTINCT ? o->n / 2 : MOST_DISTINCT;
    if (o->n < 64)
        d.most = o->n;
    o->id = mem_alloc(o->n, sizeof *o->id);
    while (t < o->n && o->n_distinct <= d.most) {
        o->id[t] = place_of(&d, t);
        t++;
    }
    free(d.places.slots);
    free(d.iat);
    if (o->n_distinct <= d.most)
        return;
    free(o->id);
    free(o->distinct);
    o->id = NULL;
    o->distinct = NULL;
    o->n_distinct = 0;
}

static void find_lengths(struct observed *o)
{
    o->length_of = mem_zero(SERIES_MAX_LEN + 1, sizeof *o->length_of);
    for (size_t t = 0; t < o->n; t++)
        o->length_of[o->s->len[t]] = 1;
    for (size_t len = 0; len <= SERIES_MAX_LEN; len++)
        o->n_lengths += o->length_of[len];
    o->lengths = mem_alloc(o->n_lengths, sizeof *o->lengths);
    size_t n = 0;
    for (size_t len = 0; len <= SERIES_MAX_LEN; len++)
        if (o->length_of[len]) {
            o->length_of[len] = (uint16_t)n;
            o->lengths[n++] = (uint16_t)len;
        }
}

static void find_blurs(struct observed *o, bool exact)
{
    o->blurs = exact ? blurs_none() : blurs_of(o->s->resolution);
    o->blur = mem_alloc(o->n, sizeof *o->blur);
    for (size_t t = 0; t < o->n; t++)
        o->blur[t] = blurs_place(&o->blurs, o->s->iat[t]);
}

struct observed *observed_new(const struct series *s, bool joint, bool exact)
{
    struct observed *const o = mem_zero(1, sizeof *o);

    o->s = s;
    o->n = s->n;
    o->n_flows = s->n_flows;
    o->starts = mem_zero(s->n / 64 + 1, sizeof *o->starts);
    for (size_t f = 0; f < s->n_flows; f++)
        if (s->first[f] < s->n)
            o->starts[s->first[f] / 64] |= UINT64_C(1) << s->first[f] % 64;
    find_blurs(o, exact);
    find_lengths(o);
    find_distinct(o, joint);
    return o;
}

void observed_free(struct observed *o)
{
    if (!o)
        return;
    free(o->starts);
    free(o->blur);
    free(o->distinct);
    free(o->id);
    free(o->lengths);
    free(o->length_of);
    free(o);
}

struct packet observed_at(const struct observed *o, size_t t)
{
    return o->id ? o->distinct[o->id[t]] : packet_of(o, t);
}

bool observed_starts(const struct observed *o, size_t t)
{
    return o->starts[t / 64] >> t % 64 & 1;
}

bool observed_ends(const struct observed *o, size_t t)
{
    return t + 1 == o->n || observed_starts(o, t + 1);
}
