/* The rows of tables in memory, parted, for each member of the model on its own, in those that
 * train and those that say when to stop. */
#ifndef WEIR_CNN_TRAIN_SAMPLES_H
#define WEIR_CNN_TRAIN_SAMPLES_H

#include "cnn.h"
#include "options.h"
#include "table.h"

struct samples_part {
    uint32_t *train, *valid; /* rows, ascending */
    size_t n_train, n_valid;
};

struct samples {
    size_t n;
    double *packets;            /* n x m->places x CNN_SEQUENCES, as cnn_input_get() has them */
    double *stats;              /* n x m->n_stats, as well */
    uint32_t *class;            /* of each row, its number in the model */
    struct samples_part *parts; /* of each member */
    size_t n_parts;
    uint64_t others; /* rows of the category 'other', which are not here */
};

/* Reads the first table, which is open, and then the others that the options name, each with the
 * columns that the model needs, in an order of its own. Sets the model's classes (those that it has
 * stay in front, others follow by name), with the rows of each that train in any part, and where it
 * has no members yet makes room for them. False with *e; samples_free() frees what there is. */
bool samples_read(struct samples *s, struct table *first, struct cnn *m, const struct options *o,
                  struct err *e);
void samples_free(struct samples *s);

/* Some of the rows, as a network takes them. */
struct samples_view {
    const struct cnn *m;
    const struct samples *s;
    const uint32_t *rows; /* NULL: all */
    double augment;       /* share of them that training varies */
};

/* What a member draws from. */
uint64_t samples_seed(const struct cnn *m, size_t member);

/* For struct nn_samples, with a view as its context. */
void samples_get(const void *view, size_t sample, struct rng *draws, float *in, float *extra,
                 uint32_t *right);

#endif
