/* One run of featsplit: survey the rows, assign the groups, write the two tables, report. */
#ifndef FEATSPLIT_SPLIT_H
#define FEATSPLIT_SPLIT_H

#include "assign.h"
#include "cli.h"
#include "grouping.h"
#include "groups.h"
#include "intern.h"
#include "out.h"
#include "table.h"
#include "twins.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct split_options {
    const char *file; /* NULL: standard input */
    const char *train, *test;
    const char *by, *label;
    double ratio;
    size_t folds, fold; /* folds 0: no cross validation; fold is 1-based */
    bool stratify, unordered;
};

struct class_counts {
    uint64_t rows[2], groups[2]; /* [TRAIN], [TEST] */
};

struct split {
    const struct split_options *options;
    const struct cli_shared_values *shared;
    struct table *table;
    char *header; /* its first line, as it stands there */
    struct grouping *grouping;
    long label; /* the class column, or TABLE_NONE */

    /* After the survey. */
    struct intern *classes; /* without a class column there is one, "" */
    uint64_t *class_rows;
    size_t class_rows_cap;
    uint64_t rows;
    struct groups *groups; /* not for BY_ROW */

    /* After the assignment. */
    struct shares shares;
    size_t test_part;
    uint32_t *rank;            /* of each class in order of name */
    uint32_t *stratum;         /* of each class: its rank, or 0 without stratification */
    struct row_places *places; /* BY_ROW only */
    uint64_t cut;              /* BY_TIME only */

    /* After the writing. */
    struct class_counts *counts; /* of each class */
    struct twins *twins;         /* NULL where the table has no features */
    struct twin_counts twin_counts;
};

/* The number of the row's class. False with *e when there are too many. */
bool split_class(struct split *s, bool may_be_new, uint32_t *class, struct err *e);

/* Reads all rows once: classes and groups. */
bool split_survey(struct split *s, struct err *e);

/* Decides where each group goes. False with *e where a table would be empty. */
bool split_assign(struct split *s, struct err *e);

/* Reads all rows again and writes each to its table. The files appear both or not at all. */
bool split_write(struct split *s, struct err *e);

/* Says on standard error what was done. */
void split_report(const struct split *s);

#endif
