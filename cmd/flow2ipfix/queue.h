/* Messages in the order in which they came, with what they hold counted. */
#ifndef FLOW2IPFIX_QUEUE_H
#define FLOW2IPFIX_QUEUE_H

#include "message.h"

#include <stddef.h>
#include <stdint.h>

/* Start with a zeroed one. */
struct queue {
    struct message *ring;
    size_t cap, first, n;
    uint64_t rows, bytes;
};

/* The queue has the bytes then. */
void queue_push(struct queue *q, const struct message *m);
void queue_push_front(struct queue *q, const struct message *m);

/* The first message or NULL; and takes it out, for the caller to free, where there is one. */
const struct message *queue_first(const struct queue *q);
struct message queue_pop(struct queue *q);
struct message queue_pop_last(struct queue *q);

void queue_free(struct queue *q);

#endif
