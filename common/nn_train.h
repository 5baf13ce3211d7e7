/* Training a network, and asking one, on all samples at hand; over several threads.
 *
 * A batch is cut into parts of so many samples, which threads take as they are free, and whose
 * gradients are added in order: the same bytes for the same seed and instruction set, whatever the
 * number of threads. */
#ifndef WEIR_NN_TRAIN_H
#define WEIR_NN_TRAIN_H

#include "nn_loss.h"
#include "nn_plan.h"
#include "pool.h"

#include <stdbool.h>
#include <stdint.h>

/* Where samples come from. get() fills a sample's numbers (the plan's steps x channels), its
 * further ones, and the right class of each row of output (out.steps of them). vary: draws for
 * changes that training makes to samples, NULL where they are asked for as they are. Threads call
 * it at once. */
struct nn_samples {
    size_t n;
    void (*get)(const void *context, size_t sample, struct rng *vary, float *in, float *extra,
                uint32_t *right);
    const void *context;
};

/* One network on all samples in batches of its own: calls take() for each with its output, rows in
 * order, out.steps x out.channels; threads call it at once. layer: what came out of that layer
 * instead, NN_LAST for the last. False with *e. */
#define NN_LAST SIZE_MAX
bool nn_ask(const struct nn_plan *p, const float *params, const struct nn_samples *s, size_t layer,
            struct pool *pool,
            void (*take)(void *context, size_t sample, const float *output, const uint32_t *right),
            void *context, struct err *e);

struct nn_train_options {
    unsigned epochs;    /* at most */
    unsigned patience;  /* epochs without a better validation loss before it stops; 0: never */
    bool keep_last;     /* the last epoch counts, whatever the validation losses are */
    size_t batch, part; /* samples of a step, and of what one thread takes of it at a time */
    double rate, decay; /* of nn_adam.h */
    double clip;        /* of the gradient's norm; 0: none */
    double fall;        /* what the rate falls by on a plateau; 1: it stays */
    unsigned fall_patience;
    uint64_t seed;
    struct nn_loss loss;
};

struct nn_epoch {
    unsigned number; /* from 1 */
    double loss,
        valid_loss;     /* nats a row, by the classes' weights; valid: of the validation part */
    double valid_right; /* the share of its rows whose class has the greatest output */
    double rate, norm;  /* of the gradient, the mean over the batches before it was clipped */
    bool best;          /* the parameters are kept */
};

/* Sets the parameters to those of the epoch with the least validation loss; without samples to
 * validate, or with keep_last, the last. tell() is called after each epoch, and ends the training
 * by returning false. False with *e. */
bool nn_train(const struct nn_plan *p, float *params, const struct nn_samples *train,
              const struct nn_samples *valid, const struct nn_train_options *o, struct pool *pool,
              bool (*tell)(void *context, const struct nn_epoch *epoch), void *context,
              struct err *e);

#endif
