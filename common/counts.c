#include "counts.h"

#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

enum { FROM, TO, STEP, PARTS };

/* Parts of "FROM:TO:STEP" into v; how many there are, 0 for any other text. */
static size_t split(const char *p, const char *end, uint64_t v[PARTS])
{
    for (size_t n = 0; n < PARTS; n++) {
        const char *const colon = memchr(p, ':', (size_t)(end - p));
        const char *const stop = colon ? colon : end;
        if (num_u64(p, (size_t)(stop - p), &v[n]) != NUM_OK)
            return 0;
        if (!colon)
            return n + 1;
        p = colon + 1;
    }
    return 0;
}

/* Marks the numbers of one item in wanted[0 … max]. */
static bool mark(const char *p, const char *end, size_t min, size_t max, bool *wanted,
                 struct err *e)
{
    uint64_t v[PARTS];
    const size_t n = split(p, end, v);

    if (n == 0)
        return err_set(e, "is not a list of numbers or FROM:TO:STEP");
    if (n <= TO)
        v[TO] = v[FROM];
    if (n <= STEP)
        v[STEP] = 1;
    if (v[FROM] < min || v[TO] > max)
        return err_set(e, "is not in %zu..%zu", min, max);
    if (v[FROM] > v[TO] || v[STEP] == 0)
        return err_set(e, "is no range: it is FROM:TO:STEP, FROM not above TO, STEP not 0");
    for (uint64_t i = v[FROM]; i <= v[TO] && v[STEP] <= max; i += v[STEP])
        wanted[i] = true;
    wanted[v[FROM]] = true;
    return true;
}

bool counts_parse(const char *text, size_t min, size_t max, struct counts *c, struct err *e)
{
    bool *const wanted = mem_zero(max + 1, sizeof *wanted);
    const char *p = text;
    bool ok = true;

    for (const char *end; ok; p = end + 1) {
        end = strchrnul(p, ',');
        ok = mark(p, end, min, max, wanted, e);
        if (!*end)
            break;
    }
    *c = (struct counts){mem_alloc(max + 1, sizeof *c->values), 0};
    for (size_t i = 0; ok && i <= max; i++)
        if (wanted[i])
            c->values[c->n++] = i;
    free(wanted);
    if (ok)
        return true;
    free(c->values);
    *c = (struct counts){0};
    return false;
}
