#include "tally.h"

#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

struct tally *tally_of(uint32_t *v, size_t n, size_t *n_tally)
{
    struct tally *t = NULL;
    size_t cap = 0;

    *n_tally = 0;
    qsort(v, n, sizeof *v, compare_numbers);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || v[i] != v[i - 1]) {
            t = mem_grow(t, &cap, *n_tally + 1, sizeof *t);
            t[(*n_tally)++].value = v[i];
        }
        t[*n_tally - 1].upto = (uint32_t)(i + 1);
    }
    return t;
}

uint32_t tally_draw(const struct tally *t, size_t n, struct rng *r)
{
    const uint64_t u = rng_below(r, t[n - 1].upto);
    size_t low = 0, high = n - 1;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (u < t[middle].upto)
            high = middle;
        else
            low = middle + 1;
    }
    return t[low].value;
}

static void put_u64(struct out *o, uint64_t v)
{
    out_advance(o, num_put_u64(out_reserve(o, NUM_U64_MAX), v));
}

void tally_put(struct out *o, uint64_t value, uint64_t count)
{
    out_text(o, " ");
    put_u64(o, value);
    out_text(o, ":");
    put_u64(o, count);
}

void tally_write(struct out *o, const char *name, const struct tally *t, size_t n)
{
    uint32_t before = 0;

    out_text(o, name);
    for (size_t i = 0; i < n; i++) {
        tally_put(o, t[i].value, t[i].upto - before);
        before = t[i].upto;
    }
    out_text(o, "\n");
}

bool tally_pair(struct lines *l, const char *what, uint64_t min, uint64_t max, uint32_t *value,
                uint32_t *count)
{
    const struct span word = lines_word(l);
    const char *const colon = word.n ? memchr(word.p, ':', word.n) : NULL;
    uint64_t first, second;

    if (!colon)
        return lines_fail(l, "'%.*s' is no pair %s", word.n > 40 ? 40 : (int)word.n, word.p, what);
    const size_t n = (size_t)(colon - word.p);
    if (!lines_u64_of(l, (struct span){word.p, n}, "number", min, max, &first) ||
        !lines_u64_of(l, (struct span){colon + 1, word.n - n - 1}, "count", 1, TALLY_MOST, &second))
        return false;
    *value = (uint32_t)first;
    *count = (uint32_t)second;
    return true;
}

bool tally_read(struct lines *l, const char *what, uint64_t min, uint64_t max, uint64_t sequences,
                struct tally **t, size_t *n)
{
    size_t cap = 0;
    uint64_t upto = 0;

    while (l->text.n > 0) {
        struct tally next;
        if (!tally_pair(l, what, min, max, &next.value, &next.upto))
            return false;
        if (*n > 0 && next.value <= (*t)[*n - 1].value)
            return lines_fail(l, "the numbers must ascend, and %u comes after %u", next.value,
                              (*t)[*n - 1].value);
        upto += next.upto;
        if (upto > sequences)
            break;
        next.upto = (uint32_t)upto;
        *t = mem_grow(*t, &cap, *n + 1, sizeof **t);
        (*t)[(*n)++] = next;
    }
    if (upto != sequences)
        return lines_fail(l, "the counts sum to %s %llu, the number of sequences",
                          upto > sequences ? "more than" : "less than",
                          (unsigned long long)sequences);
    return true;
}

bool tally_read_lengths(struct lines *l, uint64_t sequences, uint64_t symbols, struct tally **t,
                        size_t *n)
{
    uint64_t total = 0;
    uint32_t before = 0;

    if (!tally_read(l, "LENGTH:SEQUENCES", 1, TALLY_MOST, sequences, t, n))
        return false;
    for (size_t i = 0; i < *n; i++) {
        const uint64_t of_these = (*t)[i].upto - before;
        if ((*t)[i].value > (symbols - total) / of_these)
            return lines_fail(l, "the lengths sum to more than %llu, the number of symbols",
                              (unsigned long long)symbols);
        total += (*t)[i].value * of_these;
        before = (*t)[i].upto;
    }
    if (total != symbols)
        return lines_fail(l, "the lengths sum to %llu, and the sequences have %llu symbols",
                          (unsigned long long)total, (unsigned long long)symbols);
    return true;
}
