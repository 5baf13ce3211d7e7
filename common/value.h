/* A table's field as the value of a feature: rounding and missing values are decided here alone. */
#ifndef WEIR_VALUE_H
#define WEIR_VALUE_H

#include "err.h"
#include "model.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

struct value_rule {
    enum model_round round;
    bool has_missing;
    uint64_t missing; /* what an empty field becomes */
    bool of_model;    /* made in training: no option of this tool's changes it */
};

struct value_counts {
    uint64_t rounded; /* values that rounding changed */
    uint64_t filled;  /* empty fields that took the missing value */
};

/* The field of the table's current row as an integer in [0, 2^63). False with *e: a text, a
 * negative number, a decimal without rounding, an empty field without a missing value. */
bool value_read(const struct table *t, size_t column, const struct value_rule *rule, uint64_t *v,
                struct value_counts *counts, struct err *e);

#endif
