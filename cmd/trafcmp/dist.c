#include "dist.h"

#include "mem.h"
#include "series.h"
#include "sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void append(struct dist *d, uint64_t value, uint64_t upto)
{
    d->values[d->n_values] = value;
    d->upto[d->n_values++] = upto;
}

static size_t distinct(const uint64_t *sorted, size_t n)
{
    size_t values = 0;

    for (size_t i = 0; i < n; i++)
        values += i == 0 || sorted[i] != sorted[i - 1];
    return values;
}

/* The distribution of sorted numbers and of zeros that come before them. */
static struct dist collect(const uint64_t *sorted, size_t n, uint64_t zeros)
{
    const size_t values = distinct(sorted, n) + 1;
    struct dist d = {
        .n = n + zeros,
        .values = mem_alloc(values, sizeof *d.values),
        .upto = mem_alloc(values, sizeof *d.upto),
    };

    if (zeros > 0 && (n == 0 || sorted[0] > 0))
        append(&d, 0, zeros);
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n || sorted[i] != sorted[i + 1])
            append(&d, sorted[i], zeros + i + 1);
    return d;
}

struct dist dist_of_sorted(const uint64_t *sorted, size_t n)
{
    return collect(sorted, n, 0);
}

struct dist dist_of(uint64_t *numbers, size_t n, uint64_t zeros)
{
    uint64_t *const spare = mem_alloc(n, sizeof *spare);
    uint64_t all = 1;
    unsigned bits = 0;

    for (size_t i = 0; i < n; i++)
        all |= numbers[i];
    while (bits < 64 && all >> bits)
        bits++;
    const struct dist d = collect(sort_keys(numbers, spare, n, 0, bits), n, zeros);
    free(spare);
    return d;
}

void dist_destroy(struct dist *d)
{
    free(d->values);
    free(d->upto);
}

uint64_t dist_count(const struct dist *d, size_t i)
{
    return i > 0 ? d->upto[i] - d->upto[i - 1] : d->upto[i];
}

double dist_mean(const struct dist *d)
{
    double sum = 0;

    for (size_t i = 0; i < d->n_values; i++)
        sum += (double)dist_count(d, i) * (double)d->values[i];
    return d->n > 0 ? sum / (double)d->n : NAN;
}

/* A walk over the values of two distributions together. */
struct walk {
    const struct dist *a, *b;
    size_t i, j;
    uint64_t value;
    double difference; /* of the distribution functions from `value` to the next one */
};

static bool walk_next(struct walk *w)
{
    const struct dist *const a = w->a, *const b = w->b;

    if (w->i == a->n_values && w->j == b->n_values)
        return false;
    const uint64_t x = w->i < a->n_values ? a->values[w->i] : UINT64_MAX;
    const uint64_t y = w->j < b->n_values ? b->values[w->j] : UINT64_MAX;
    w->value = x < y ? x : y;
    w->i += w->i < a->n_values && x == w->value;
    w->j += w->j < b->n_values && y == w->value;
    const uint64_t below_a = w->i > 0 ? a->upto[w->i - 1] : 0;
    const uint64_t below_b = w->j > 0 ? b->upto[w->j - 1] : 0;
    w->difference = fabs((double)below_a / (double)a->n - (double)below_b / (double)b->n);
    return true;
}

double dist_ks(const struct dist *a, const struct dist *b)
{
    struct walk w = {.a = a, .b = b};
    double most = 0;

    if (a->n == 0 || b->n == 0)
        return NAN;
    while (walk_next(&w))
        most = fmax(most, w.difference);
    return most;
}

double dist_emd(const struct dist *a, const struct dist *b)
{
    struct walk w = {.a = a, .b = b};
    double area = 0, height = 0;
    uint64_t before = 0;

    if (a->n == 0 || b->n == 0)
        return NAN;
    while (walk_next(&w)) {
        area += height * (double)(w.value - before);
        before = w.value;
        height = w.difference;
    }
    return area;
}

struct bins bins_of_len(uint64_t width)
{
    struct bins b = {.n = SERIES_MAX_LEN / width + 1};

    b.edges = mem_alloc(b.n, sizeof *b.edges);
    for (size_t i = 0; i < b.n; i++)
        b.edges[i] = i * width;
    return b;
}

struct bins bins_of_decades(unsigned per_decade, double unit, double most)
{
    struct bins b = {.n = (size_t)(log10(1 + most / unit) * per_decade) + 1};

    b.edges = mem_alloc(b.n, sizeof *b.edges);
    for (size_t i = 0; i < b.n; i++)
        b.edges[i] = (uint64_t)ceil((pow(10, (double)i / per_decade) - 1) * unit);
    return b;
}

void bins_destroy(struct bins *b)
{
    free(b->edges);
}

uint64_t *bins_count(const struct bins *b, const struct dist *d)
{
    uint64_t *const counts = mem_zero(b->n, sizeof *counts);

    for (size_t i = 0, bin = 0; i < d->n_values; i++) {
        while (bin + 1 < b->n && d->values[i] >= b->edges[bin + 1])
            bin++;
        counts[bin] += dist_count(d, i);
    }
    return counts;
}

size_t bins_find(const struct bins *b, uint64_t number)
{
    size_t low = 0, high = b->n;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (number >= b->edges[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* p log2(p / q), 0 where p is. */
static double term(double p, double q)
{
    return p > 0 ? p * log2(p / q) : 0;
}

double bins_js(const struct bins *b, const struct dist *x, const struct dist *y)
{
    if (x->n == 0 || y->n == 0)
        return NAN;
    uint64_t *const nx = bins_count(b, x), *const ny = bins_count(b, y);
    double sum = 0;

    for (size_t i = 0; i < b->n; i++) {
        const double p = (double)nx[i] / (double)x->n, q = (double)ny[i] / (double)y->n;
        const double middle = (p + q) / 2;
        sum += term(p, middle) / 2 + term(q, middle) / 2;
    }
    free(nx);
    free(ny);
    return fmin(fmax(sum, 0), 1);
}

double bins_kl(const struct bins *b, const struct dist *x, const struct dist *y, double more)
{
    if (x->n == 0 || y->n == 0)
        return NAN;
    uint64_t *const nx = bins_count(b, x), *const ny = bins_count(b, y);
    double sum = 0;
    size_t used = 0;

    for (size_t i = 0; i < b->n; i++)
        used += nx[i] > 0 || ny[i] > 0;
    const double added = more * (double)used;
    for (size_t i = 0; i < b->n; i++)
        if (nx[i] > 0 || ny[i] > 0)
            sum += term(((double)nx[i] + more) / ((double)x->n + added),
                        ((double)ny[i] + more) / ((double)y->n + added));
    free(nx);
    free(ny);
    return fmax(sum, 0);
}
