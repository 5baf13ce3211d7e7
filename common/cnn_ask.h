/* What a flow classifier says of flows: classes, confidence, and whether it knows such flows. */
#ifndef WEIR_CNN_ASK_H
#define WEIR_CNN_ASK_H

#include "cnn.h"
#include "pool.h"

struct cnn_answer {
    uint32_t class;   /* the most likely one, from 0; the lowest such */
    float confidence; /* its probability, if the flow is of a class of the model's at all */
    double novelty;   /* e to the power of its newness, by the threshold: above 1 it is unknown */
};

struct cnn_asker;

/* The model and the pool must stay. NULL with *e. Freed with cnn_asker_free(). */
struct cnn_asker *cnn_asker_new(const struct cnn *m, struct pool *pool, struct err *e);
void cnn_asker_free(struct cnn_asker *a); /* NULL is allowed */

/* The answers for n flows, of which in and extra have what cnn_shape() says; hidden: room for what
 * the last hidden layer of the first member says of each, m->unknown.hidden numbers, or NULL. The
 * same answers in whatever company a flow is asked about. False with *e. */
bool cnn_ask(struct cnn_asker *a, const float *in, const float *extra, size_t n,
             struct cnn_answer *answers, float *hidden, struct err *e);

/* How new a point of a member's last hidden layer is: half of the square of its Mahalanobis
 * distance to the nearest of the classes' means, less that to the centre of all (the relative
 * distance of Ren et al., "A simple fix to Mahalanobis distance for improving near-OOD detection",
 * 2021), by the numbers of the layer, in double precision: nats a number by which everything
 * together explains it better than its nearest class does. scratch: n_classes + 2 times hidden
 * numbers, of which cnn_newness_begin() has filled all but the first `hidden`. */
void cnn_newness_begin(const struct cnn *m, const struct cnn_member *member, double *scratch);
double cnn_newness(const struct cnn *m, const struct cnn_member *member, const float *point,
                   double *scratch);

/* e to the power of the mean newness of several members, which is kept within ln of a million. What
 * a threshold is found by. */
#define CNN_MOST_NATS 13.815510557964274
double cnn_likeness(double newness);

#endif
