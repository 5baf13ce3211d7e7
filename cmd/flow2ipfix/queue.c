#include "queue.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 16 };

static void make_room(struct queue *q)
{
    if (q->n < q->cap)
        return;
    const size_t cap = q->cap ? 2 * q->cap : LEAST;
    struct message *const ring = mem_alloc(cap, sizeof *ring);
    for (size_t i = 0; i < q->n; i++)
        ring[i] = q->ring[(q->first + i) % q->cap];
    free(q->ring);
    q->ring = ring;
    q->cap = cap;
    q->first = 0;
}

static void count(struct queue *q, const struct message *m)
{
    q->n++;
    q->rows += m->rows;
    q->bytes += m->n;
}

static struct message uncount(struct queue *q, const struct message *m)
{
    q->n--;
    q->rows -= m->rows;
    q->bytes -= m->n;
    return *m;
}

void queue_push(struct queue *q, const struct message *m)
{
    make_room(q);
    q->ring[(q->first + q->n) % q->cap] = *m;
    count(q, m);
}

void queue_push_front(struct queue *q, const struct message *m)
{
    make_room(q);
    q->first = (q->first + q->cap - 1) % q->cap;
    q->ring[q->first] = *m;
    count(q, m);
}

const struct message *queue_first(const struct queue *q)
{
    return q->n ? &q->ring[q->first] : NULL;
}

struct message queue_pop(struct queue *q)
{
    const struct message *const m = &q->ring[q->first];

    q->first = (q->first + 1) % q->cap;
    return uncount(q, m);
}

struct message queue_pop_last(struct queue *q)
{
    return uncount(q, &q->ring[(q->first + q->n - 1) % q->cap]);
}

void queue_free(struct queue *q)
{
    while (q->n)
        free(queue_pop(q).p);
    free(q->ring);
}
