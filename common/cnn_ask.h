/* What a flow classifier says of flows: classes, confidence, and whether it knows such flows. */
#ifndef WEIR_CNN_ASK_H
#define WEIR_CNN_ASK_H

#include "cnn.h"
#include "pool.h"

struct cnn_answer {
    uint32_t class;   /* the most likely one, from 0; the lowest such */
    float confidence; /* its probability, if the flow is of a class of the model's at all */
    double novelty;   /* its newness by the threshold: above 1 it is unknown; finite */
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

#endif
