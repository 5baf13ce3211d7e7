/* The rows of a table in memory, as a network takes them, parted in those that train and those that
 * say when to stop. */
#ifndef WEIR_CNN_TRAIN_SAMPLES_H
#define WEIR_CNN_TRAIN_SAMPLES_H

#include "cnn.h"
#include "options.h"
#include "table.h"

struct samples {
    size_t n;
    size_t in_each, extra_each;
    float *in;               /* n x in_each: the places */
    double *stats;           /* n x m->n_stats, as they stand in the table; NaN: empty */
    float *extra;            /* n x extra_each, after samples_standardise() */
    uint32_t *class;         /* of each row, its number in the model */
    uint32_t *train, *valid; /* rows, ascending */
    size_t n_train, n_valid;
    uint64_t others; /* rows of the category 'other', which are not here */
};

/* Reads the table. Sets the model's classes (those that it has stay in front, others follow by
 * name), with the rows of each that train. False with *e; samples_free() frees what there is. */
bool samples_read(struct samples *s, struct table *t, struct cnn *m, const struct options *o,
                  struct err *e);
void samples_free(struct samples *s);

/* Finds scales, means and deviations by the rows that train. A statistic without negative values
 * whose third moment says that its tail is long gets a logarithm. */
void samples_scale(const struct samples *s, struct cnn *m);

/* Fills extra (of a model without places: in) by the model's means and deviations. */
void samples_standardise(struct samples *s, const struct cnn *m);

#endif
