#include "value.h"

#include "num.h"

#include <math.h>
#include <string.h>

/* Digits, a point, digits: rounded as they stand, since a double would round them to 53 bits first.
 * False where the field is of another kind, or does not fit. */
static bool round_digits(struct span f, enum model_round round, uint64_t *v, bool *changed)
{
    const char *const point = memchr(f.p, '.', f.n);
    uint64_t whole = 0;

    *changed = false;
    if (!point || (point > f.p && num_u64(f.p, (size_t)(point - f.p), &whole) != NUM_OK))
        return false;
    for (const char *p = point + 1; p < f.p + f.n; p++) {
        if (*p < '0' || *p > '9')
            return false;
        *changed |= *p != '0';
    }
    const bool up = round == ROUND_NEAREST && *changed && point[1] >= '5';
    if (whole > (uint64_t)INT64_MAX - up)
        return false;
    *v = whole + up;
    return true;
}

/* Nearest: halves up. */
static double round_double(double x, enum model_round round)
{
    const double down = floor(x);

    return down + (round == ROUND_NEAREST && x - down >= 0.5);
}

/* A field that is not plain digits: empty, decimal, negative or no number. */
static bool read_unusual(const struct table *t, size_t column, const struct value_rule *rule,
                         uint64_t *v, struct value_counts *counts, struct err *e)
{
    const struct span f = table_field(t, column);
    bool changed;
    double x;

    if (f.n == 0) {
        if (!rule->has_missing)
            return table_fail(t, column, e, "is missing (%s)",
                              rule->of_model
                                  ? "dt-train --missing=VALUE makes a model that takes it"
                                  : "--missing=VALUE says what to put there");
        *v = rule->missing;
        counts->filled++;
        return true;
    }
    if (num_f64(f.p, f.n, &x) != NUM_OK)
        return table_fail(t, column, e, "is not a number");
    if (rule->round == ROUND_REFUSE)
        return table_fail(
            t, column, e,
            memchr(f.p, '-', f.n) == f.p ? "is negative, and features count from 0"
            : rule->of_model ? "is not an integer (dt-train --round=… makes a model that takes it)"
                             : "is not an integer (--round=floor or --round=nearest makes it one)");
    if (round_digits(f, rule->round, v, &changed)) {
        counts->rounded += changed;
        return true;
    }
    const double whole = round_double(x, rule->round);
    if (whole < 0)
        return table_fail(t, column, e, "is negative, and features count from 0");
    if (whole >= 0x1p63)
        return table_fail(t, column, e, "is not below 2^63");
    *v = (uint64_t)whole;
    counts->rounded += whole != x;
    return true;
}

bool value_read(const struct table *t, size_t column, const struct value_rule *rule, uint64_t *v,
                struct value_counts *counts, struct err *e)
{
    const struct span f = table_field(t, column);
    const enum num_status status = num_u64(f.p, f.n, v);

    if (status == NUM_OK && *v <= INT64_MAX)
        return true;
    if (status == NUM_OK || status == NUM_RANGE)
        return table_fail(t, column, e, "is not below 2^63");
    return read_unusual(t, column, rule, v, counts, e);
}
