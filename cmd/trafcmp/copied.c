#include "copied.h"

#include "mem.h"

#include <math.h>
#include <stdlib.h>

/* The finaliser of splitmix64: every bit of a packet reaches every bit of its number. */
static uint64_t mix(uint64_t v)
{
    v += UINT64_C(0x9e3779b97f4a7c15);
    v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
    return v ^ v >> 31;
}

static uint64_t token(const struct series *s, size_t i, const struct bins *times)
{
    return mix((uint64_t)bins_find(times, s->iat[i]) << 17 | (uint64_t)s->len[i] << 1 | s->dir[i]);
}

static const uint64_t BASE = UINT64_C(0xd6e8feb86659fd93); /* odd */

/* Hashes of the runs of each flow: a polynomial in BASE, whose value moves on by a packet in two
 * steps (Karp and Rabin, "Efficient randomized pattern-matching algorithms", 1987). */
static struct dist hash_runs(const struct series *s, size_t packets, const struct bins *times)
{
    uint64_t *const hashes = mem_alloc(s->n, sizeof *hashes);
    uint64_t *const tokens = mem_alloc(s->n, sizeof *tokens);
    uint64_t leaving = 1; /* BASE to the power of `packets` */
    size_t n = 0;

    for (size_t k = 0; k < packets; k++)
        leaving *= BASE;
    for (size_t i = 0; i < s->n; i++)
        tokens[i] = token(s, i, times);
    for (size_t f = 0; f < s->n_flows; f++) {
        uint64_t hash = 0;
        for (size_t i = s->first[f]; i < s->first[f + 1]; i++) {
            hash = hash * BASE + tokens[i];
            if (i >= s->first[f] + packets)
                hash -= tokens[i - packets] * leaving;
            if (i + 1 >= s->first[f] + packets)
                hashes[n++] = mix(hash);
        }
    }
    const struct dist d = dist_of(hashes, n, 0);
    free(hashes);
    free(tokens);
    return d;
}

double copied_share(const struct series *real, const struct series *synth, size_t packets,
                    const struct bins *times)
{
    struct dist a = hash_runs(real, packets, times), b = hash_runs(synth, packets, times);
    uint64_t copied = 0;

    for (size_t i = 0, j = 0; j < b.n_values; j++) {
        while (i < a.n_values && a.values[i] < b.values[j])
            i++;
        if (i < a.n_values && a.values[i] == b.values[j])
            copied += dist_count(&b, j);
    }
    const double share = a.n > 0 && b.n > 0 ? (double)copied / (double)b.n : NAN;
    dist_destroy(&a);
    dist_destroy(&b);
    return share;
}
