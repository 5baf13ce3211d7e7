/* Losses of classifiers: how far the outputs (logits, a row for each answer that is asked for) are
 * from the classes that would be right, and the gradient of that. */
#ifndef WEIR_NN_LOSS_H
#define WEIR_NN_LOSS_H

#include <stddef.h>
#include <stdint.h>

/* No class: the row counts for nothing. */
#define NN_NO_CLASS UINT32_MAX

/* Cross entropy, -w ln p, of the right class's probability p and weight w. focal > 0: the focal
 * loss (Lin et al., 2017), -w (1 - p)^focal ln p, which counts what is already well known for less.
 */
struct nn_loss {
    size_t classes;
    const float *weights; /* of each class; NULL: 1 */
    double focal;
};

/* The sum of the weights of rows. */
double nn_loss_weight(const struct nn_loss *l, const uint32_t *right, size_t rows);

/* The sum of the losses of all rows in nats; gradient (NULL: not asked for): of that by the
 * outputs, rows x classes. */
double nn_loss_of(const struct nn_loss *l, const float *outputs, const uint32_t *right, size_t rows,
                  float *gradient);

/* Outputs to probabilities; may be the same memory. Sum 1, whatever finite outputs there are. */
void nn_softmax(const float *outputs, size_t classes, float *p);

#endif
