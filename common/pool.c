#include "pool.h"

#include "err.h"
#include "mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct worker {
    struct pool *pool;
    pthread_t thread;
    unsigned number;
};

struct pool {
    unsigned threads;
    struct worker *workers; /* threads - 1 of them; the caller is number 0 */
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    unsigned long job; /* counts up: a worker that sees a new number has work */
    unsigned busy;
    bool quit;
    void (*work)(void *, size_t, unsigned);
    void *context;
    size_t n;
    atomic_size_t next;
};

static void take_parts(struct pool *p, unsigned thread)
{
    for (;;) {
        const size_t part = atomic_fetch_add(&p->next, 1);
        if (part >= p->n)
            return;
        p->work(p->context, part, thread);
    }
}

static void *worker_main(void *arg)
{
    struct worker *const w = arg;
    struct pool *const p = w->pool;
    unsigned long seen = 0;

    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->job == seen && !p->quit)
            pthread_cond_wait(&p->start, &p->lock);
        if (p->quit)
            break;
        seen = p->job;
        pthread_mutex_unlock(&p->lock);
        take_parts(p, w->number);
        pthread_mutex_lock(&p->lock);
        if (--p->busy == 0)
            pthread_cond_signal(&p->done);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct pool *pool_new(unsigned threads)
{
    struct pool *const p = mem_zero(1, sizeof *p);

    p->threads = threads;
    p->workers = mem_zero(threads - 1, sizeof *p->workers);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->start, NULL);
    pthread_cond_init(&p->done, NULL);
    for (unsigned i = 0; i + 1 < threads; i++) {
        p->workers[i] = (struct worker){.pool = p, .number = i + 1};
        if (pthread_create(&p->workers[i].thread, NULL, worker_main, &p->workers[i]) != 0)
            die("can't start %u threads", threads);
    }
    return p;
}

void pool_free(struct pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->quit = true;
    pthread_cond_broadcast(&p->start);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i + 1 < p->threads; i++)
        pthread_join(p->workers[i].thread, NULL);
    pthread_cond_destroy(&p->start);
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->lock);
    free(p->workers);
    free(p);
}

unsigned pool_threads(const struct pool *p)
{
    return p->threads;
}

void pool_run(struct pool *p, size_t n, void (*work)(void *context, size_t part, unsigned thread),
              void *context)
{
    pthread_mutex_lock(&p->lock);
    p->work = work;
    p->context = context;
    p->n = n;
    atomic_store(&p->next, 0);
    p->busy = p->threads - 1;
    p->job++;
    pthread_cond_broadcast(&p->start);
    pthread_mutex_unlock(&p->lock);
    take_parts(p, 0);
    pthread_mutex_lock(&p->lock);
    while (p->busy > 0)
        pthread_cond_wait(&p->done, &p->lock);
    pthread_mutex_unlock(&p->lock);
}
