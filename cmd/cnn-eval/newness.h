/* How well flows of classes that a model does not know are told from those that it knows, by their
 * novelty. */
#ifndef WEIR_CNN_EVAL_NEWNESS_H
#define WEIR_CNN_EVAL_NEWNESS_H

#include "out.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct newness {
    struct newness_row {
        double novelty;
        bool known;
    } * rows;
    size_t n, cap;
    uint64_t known, lost; /* rows of the model's classes; those of them taken for unknown */
    uint64_t others, found;
};

/* Start with a zeroed one. */
void newness_add(struct newness *x, double novelty, bool known);
void newness_free(struct newness *x);

/* The chance that a row of another class is newer than one of the model's, ties by halves (the area
 * under the ROC curve). Sorts the rows. There must be some of both. */
double newness_auroc(struct newness *x);

#endif
