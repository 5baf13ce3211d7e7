#include "value.h"

#include "num.h"

#include <math.h>
#include <string.h>

/* A field that is not plain digits: empty, decimal, negative or no number. */
static bool read_unusual(const struct table *t, size_t column, const struct value_rule *rule,
                         uint64_t *v, struct value_counts *counts, struct err *e)
{
    const struct span f = table_field(t, column);
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
    const double whole = rule->round == ROUND_FLOOR ? floor(x) : floor(x + 0.5);
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
