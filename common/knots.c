#include "knots.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

void knots_put(const struct knots *k, double x, float *to)
{
    size_t i = 1;

    for (; i < k->n && x >= k->at[i]; i++)
        *to++ = 0.5F;
    if (i < k->n && x > k->at[i - 1]) {
        const double low = k->at[i - 1];
        *to++ = (float)((x - low) / (k->at[i] - low) - 0.5);
        i++;
    }
    for (; i < k->n; i++)
        *to++ = -0.5F;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void knots_learn(struct knots *k, double *values, size_t n, size_t most)
{
    *k = (struct knots){0};
    if (n == 0)
        return;
    qsort(values, n, sizeof *values, compare_doubles);
    if (values[0] >= values[n - 1])
        return;
    k->at = mem_alloc(most + 1, sizeof *k->at);
    for (size_t i = 0; i <= most; i++) {
        const double v = values[(size_t)((double)i / (double)most * (double)(n - 1))];
        if (k->n == 0 || v > k->at[k->n - 1])
            k->at[k->n++] = v;
    }
}

struct knots knots_copy(const struct knots *k)
{
    struct knots copy = {.n = k->n};

    if (k->n > 0) {
        copy.at = mem_alloc(k->n, sizeof *copy.at);
        memcpy(copy.at, k->at, k->n * sizeof *copy.at);
    }
    return copy;
}

void knots_write(const struct knots *k, struct out *o)
{
    out_text(o, "knots");
    lines_write_f64(o, k->at, k->n);
    out_text(o, "\n");
}

bool knots_read(struct lines *l, struct knots *k)
{
    static const double most = 1e30;
    size_t cap = 0;

    if (!lines_expect(l, "knots"))
        return false;
    while (l->text.n > 0) {
        double v;
        if (k->n == KNOTS_MOST)
            return lines_fail(l, "more than %d knots", KNOTS_MOST);
        if (!lines_f64(l, "knot", -most, most, &v))
            return false;
        if (k->n > 0 && !(v > k->at[k->n - 1]))
            return lines_fail(l, "knots must rise");
        k->at = mem_grow(k->at, &cap, k->n + 1, sizeof *k->at);
        k->at[k->n++] = v;
    }
    return k->n != 1 || lines_fail(l, "a single knot says nothing");
}
