/* Reports as rows of a table. */
#ifndef VERDICTS_VERDICT_TABLE_H
#define VERDICTS_VERDICT_TABLE_H

#include "label_table.h"
#include "model.h"
#include "out.h"
#include "report.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

struct verdict_table;

struct verdict_counts {
    uint64_t lost;                   /* sequence numbers that never came */
    uint64_t other_model;            /* reports of a classifier made from another model */
    uint64_t other_class;            /* of a class that the model does not have */
    uint64_t first, collision, miss; /* without a verdict, by cause */
    uint64_t unlabelled, ambiguous;  /* rows that the labels do not settle */
};

/* labels: NULL for none; then there is no column class. All arguments must outlive it. */
struct verdict_table *verdict_table_new(const struct model *m, const struct label_table *labels,
                                        bool all, enum table_format format, struct out *out);
void verdict_table_free(struct verdict_table *t);

/* Writes a report's row. Reports of another model are counted and passed over: a classifier may get
 * a new one at work. So are those that can't be the model's. */
void verdict_table_add(struct verdict_table *t, const struct report *r);

struct verdict_counts verdict_table_counts(const struct verdict_table *t);

#endif
