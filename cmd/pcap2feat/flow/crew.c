#include "crew.h"

#include "err.h"
#include "mem.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

enum { MOST_THREADS = PARTITIONS };

/* What a thread of the crew starts with. */
struct member {
    struct crew *crew;
    pthread_t thread;
    unsigned first; /* the lane that it looks at first */
};

struct crew {
    struct lane **lanes;
    struct batches batches;
    unsigned depth;
    struct member *members;
    unsigned n_members; /* beside the caller */
    /* Who finds nothing to do sleeps until `news` is another one. */
    _Atomic uint64_t news;
    _Atomic unsigned sleepers;
    atomic_bool over;
    pthread_mutex_t mutex;
    pthread_cond_t cond;
};

static void tell(struct crew *c)
{
    if (c->n_members == 0)
        return;
    atomic_fetch_add(&c->news, 1);
    if (atomic_load(&c->sleepers) == 0)
        return;
    (void)pthread_mutex_lock(&c->mutex);
    (void)pthread_cond_broadcast(&c->cond);
    (void)pthread_mutex_unlock(&c->mutex);
}

static void sleep_since(struct crew *c, uint64_t news)
{
    for (int i = 0; i < 1000; i++) {
        if (atomic_load_explicit(&c->news, memory_order_relaxed) != news)
            return;
        __builtin_ia32_pause();
    }
    (void)pthread_mutex_lock(&c->mutex);
    atomic_fetch_add(&c->sleepers, 1);
    while (atomic_load(&c->news) == news && !atomic_load(&c->over))
        (void)pthread_cond_wait(&c->cond, &c->mutex);
    atomic_fetch_sub(&c->sleepers, 1);
    (void)pthread_mutex_unlock(&c->mutex);
}

/* On lanes from that one on downwards, until there is another batch: a thread stays with its lanes
 * as long as these have work, since what is known of flows comes slowly from another processor. */
static bool work_down(struct crew *c, unsigned first)
{
    const uint64_t published = atomic_load(&c->batches.published);
    bool worked = false;

    for (unsigned i = 0; i < PARTITIONS; i++) {
        worked |= lane_work(c->lanes[(first - i) % PARTITIONS], &c->batches, LANE_PIECES);
        if (worked &&
            atomic_load_explicit(&c->batches.published, memory_order_relaxed) != published)
            break;
    }
    return worked;
}

static void *work(void *argument)
{
    const struct member *const m = argument;
    struct crew *const c = m->crew;

    while (!atomic_load(&c->over)) {
        const uint64_t news = atomic_load(&c->news);
        if (!work_down(c, m->first))
            sleep_since(c, news);
    }
    return NULL;
}

static void start(struct crew *c, unsigned n)
{
    c->members = mem_zero(n, sizeof *c->members);
    for (c->n_members = 0; c->n_members < n; c->n_members++) {
        struct member *const m = &c->members[c->n_members];
        m->crew = c;
        m->first = PARTITIONS - 1 - c->n_members * PARTITIONS / n;
        const int error = pthread_create(&m->thread, NULL, work, m);
        if (error) {
            errno = error;
            die_sys("can't start a thread");
        }
    }
}

struct crew *crew_new(struct arena *arena, struct lane **lanes, unsigned threads, bool payload,
                      bool context)
{
    struct crew *const c = mem_zero(1, sizeof *c);
    const unsigned n = threads < MOST_THREADS ? threads : MOST_THREADS;

    c->lanes = lanes;
    c->depth = n == 1 ? 1 : BATCHES;
    for (unsigned i = 0; i < c->depth; i++)
        c->batches.all[i] = batch_new(arena, payload, context);
    for (unsigned i = c->depth; i < BATCHES; i++)
        c->batches.all[i] = c->batches.all[0];
    (void)pthread_mutex_init(&c->mutex, NULL);
    (void)pthread_cond_init(&c->cond, NULL);
    start(c, n - 1);
    return c;
}

void crew_free(struct crew *c)
{
    if (!c)
        return;
    atomic_store(&c->over, true);
    tell(c);
    for (unsigned i = 0; i < c->n_members; i++)
        (void)pthread_join(c->members[i].thread, NULL);
    for (unsigned i = 0; i < c->depth; i++)
        batch_free(c->batches.all[i]);
    (void)pthread_mutex_destroy(&c->mutex);
    (void)pthread_cond_destroy(&c->cond);
    free(c->members);
    free(c);
}

unsigned crew_depth(const struct crew *c)
{
    return c->depth;
}

struct batch *crew_batch(struct crew *c)
{
    return c->batches.all[c->batches.published % BATCHES];
}

void crew_publish(struct crew *c)
{
    atomic_fetch_add_explicit(&c->batches.published, 1, memory_order_release);
    tell(c);
}

/* The lane is one that another thread is busy with, or waits: the caller's own are the lowest. */
static void help(struct crew *c, unsigned lane)
{
    if (lane_work(c->lanes[lane], &c->batches, c->depth))
        return;
    for (unsigned i = 0; i < PARTITIONS; i++)
        if (lane_work(c->lanes[i], &c->batches, c->depth))
            return;
    (void)sched_yield();
}

const struct piece *crew_piece(struct crew *c, unsigned lane, uint64_t batch)
{
    const struct piece *p;

    while (!lane_piece(c->lanes[lane], batch, &p))
        help(c, lane);
    return p;
}

void crew_piece_done(struct crew *c, unsigned lane)
{
    if (lane_piece_done(c->lanes[lane]))
        tell(c);
}
