/* The evaluation of a model on a table: a report to read, or rows of (metric, value). */
#ifndef WEIR_CNN_EVAL_REPORT_H
#define WEIR_CNN_EVAL_REPORT_H

#include "input.h"
#include "out.h"

/* Asks about all rows and writes what came of it. */
bool report_run(struct input *in, struct out *out, struct err *e);

#endif
