/* A model and the rows it is asked about. */
#ifndef WEIR_CNN_EVAL_INPUT_H
#define WEIR_CNN_EVAL_INPUT_H

#include "batch.h"
#include "class_map.h"
#include "cnn.h"
#include "collect.h"
#include "options.h"
#include "table.h"

#include <stdbool.h>

struct input {
    const struct options *options;
    struct cnn *model;
    struct table *table;
    struct class_map *categories; /* NULL: none */
    struct collect *unknown;      /* NULL: nobody asks for them */
    struct batch batch;
    struct span *raw; /* the rows of the batch; in the table's buffer until it reads on */
};

/* Reads the model, opens the table, finds the columns. After a failure, too, input_close() frees
 * what there is. */
bool input_open(struct input *in, const struct options *o, struct err *e);

/* False with *e where unknown rows could not be written. */
bool input_close(struct input *in, struct err *e);

/* The next row into the batch, which has room. */
enum table_status input_next(struct input *in, struct err *e);

/* Asks about the batch, and collects what is unknown. */
bool input_ask(struct input *in, struct err *e);

/* What is said of a flow: its class, or n_classes where it is unknown. */
uint32_t input_verdict(const struct input *in, const struct cnn_answer *a);

#endif
