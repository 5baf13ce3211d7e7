/* The evaluation of a model on a table: a report to read, or rows of (metric, value). */
#ifndef WEIR_DT_EVAL_REPORT_H
#define WEIR_DT_EVAL_REPORT_H

#include "input.h"
#include "opinion.h"
#include "out.h"
#include "score.h"

/* Predicts all rows and writes what came of it. */
bool report_run(struct input *in, const struct options *o, struct out *out, struct err *e);

/* What the two forms of the report need. */
struct findings {
    const struct model *model;
    uint64_t rows;
    const struct score *score; /* the model's classes come first, in its order; without rows where
                                  the table has no classes */
    const uint32_t *order;     /* its classes, then those that it does not know by name */
    uint32_t commonest_here, commonest_trained;
    const struct opinion *opinion; /* its name is NULL where there is none */
};

void report_text(const struct findings *f, struct out *out);
void report_metrics(const struct findings *f, enum table_format format, struct out *out);

#endif
