/* A model and the rows it is asked about. */
#ifndef WEIR_DT_EVAL_INPUT_H
#define WEIR_DT_EVAL_INPUT_H

#include "dataset.h"
#include "model.h"
#include "options.h"
#include "score.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

struct input {
    struct model *model;
    struct table *table;
    struct row_reader *reader;
    long class_column;   /* TABLE_NONE where the table has none */
    const char *compare; /* a column of other verdicts to be judged, too; NULL: none */
};

/* How much of it a mode needs. */
enum need {
    NEED_MODEL,   /* no table */
    NEED_ROWS,    /* a table, with or without classes */
    NEED_CLASSES, /* a table with a class column */
};

/* Reads the model, opens the table and finds the columns. After a failure, too, input_close() frees
 * what there is. */
bool input_open(struct input *in, const struct options *o, enum need need, struct err *e);
void input_close(struct input *in);

/* The features of the table's current row, as many as the model has. */
bool input_values(struct input *in, uint64_t *values, struct err *e);

/* The next row and its features. */
enum table_status input_next(struct input *in, uint64_t *values, struct err *e);

/* The class of the current row by its number in a score, where it is added if need be; an empty one
 * is an error. There must be a class column. */
bool input_class(const struct input *in, struct score *s, uint32_t *class, struct err *e);

/* Says on standard error what rounding and missing values changed. */
void input_note(const struct input *in, const struct options *o);

#endif
