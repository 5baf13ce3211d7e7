/* A table loaded for learning or for evaluation: integer features by column and a class a row. */
#ifndef WEIR_DATASET_H
#define WEIR_DATASET_H

#include "err.h"
#include "model.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a table becomes a dataset. */
struct dataset_options {
    const char *label;    /* the class column; NULL: "class" */
    const char *features; /* comma-separated names in key order; NULL: by role */
    const char *drop;     /* comma-separated names to leave out; NULL: none */
    enum model_round round;
    bool has_missing;
    uint64_t missing;
};

struct dataset {
    size_t n_rows;
    size_t n_features;
    struct model_feature *features; /* names, bits and domains */
    uint64_t **columns;             /* n_features arrays of n_rows values, each <= max */
    uint32_t *labels;               /* n_rows, 0-based; NULL where the table has no class column */
    struct model_class *classes;    /* in order of name (byte order); rows counted, weight 1 */
    size_t n_classes;
    uint64_t rounded; /* values that rounding changed */
    uint64_t filled;  /* empty fields that took the missing value */
};

/* Loads a whole table for training. The columns: those named, else every registered column whose
 * role is feature and every unknown column; an unknown column that holds a text is an error unless
 * it is dropped. Registered features keep the registry's bits; others take the smallest multiple of
 * 8 bits that holds their largest value. A value that does not fit, a decimal without rounding, an
 * empty field without a missing value and an empty class are errors. NULL with *e. Freed with
 * dataset_free(). */
struct dataset *dataset_load(struct table *t, const struct dataset_options *options, struct err *e);
void dataset_free(struct dataset *d);

/* The rows of a table as a model wants them, one at a time (evaluation, verdicts). */
struct row_reader;

/* Finds the model's columns in the table; a missing one is an error that names it. */
struct row_reader *row_reader_new(const struct table *t, const struct model *m, struct err *e);
void row_reader_free(struct row_reader *r);

/* Fills values (m->n_features of them) from the table's current row, rounding and filling in as
 * the model says; a value above a feature's domain is lowered to its maximum, where every tree and
 * every switch key gives the same answer. */
bool row_reader_get(struct row_reader *r, const struct table *t, uint64_t *values, struct err *e);

/* So far: values that rounding changed, empty fields that took the missing value. */
uint64_t row_reader_rounded(const struct row_reader *r);
uint64_t row_reader_filled(const struct row_reader *r);

#endif
