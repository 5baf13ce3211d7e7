#include "ahead.h"

#include "mem.h"
#include "stop.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SLOTS = 65536,
    ROOM = 64 * 1024 * 1024, /* bytes of frames */
    MOST_MTU = 65536,        /* the loopback interface's */
    ETHER_HEADER = 14,
    VLAN_TAG = 4,
    POLL_NS = 100000000, /* how soon a wait sees stop_asked() */
    FILL_POLL_NS = 5000000,
    FILL_POLLS = 100,
};

struct slot {
    struct outgoing o;
    uint64_t end; /* bytes used up to its last one, of all so far */
};

/* A ring of slots and a ring of bytes between two threads. The reader alone moves `put`, the
 * sender alone `taken`; the lock is only for waiting. */
struct ahead {
    struct frames *frames;
    uint64_t rounds;
    uint32_t mtu;
    struct slot *slots;
    uint8_t *bytes;
    atomic_uint_fast64_t put, taken;       /* frames so far */
    atomic_uint_fast64_t used, given_back; /* bytes so far */
    atomic_bool reader_waits, sender_waits, ended, quit;
    enum capture_status status; /* once ended */
    struct err problem;
    atomic_uint_fast64_t too_long, too_short, filled;
    bool holds; /* the sender has a slot that it gives back next */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    pthread_t thread;
};

/* Waits for the other side; a while at most. */
static void wait_moved(struct ahead *a, atomic_bool *waits, bool (*ready)(struct ahead *))
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += POLL_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&a->lock);
    atomic_store(waits, true);
    if (!ready(a))
        pthread_cond_timedwait(&a->moved, &a->lock, &until);
    atomic_store(waits, false);
    pthread_mutex_unlock(&a->lock);
}

static void wake(struct ahead *a, atomic_bool *waits)
{
    if (!atomic_load(waits))
        return;
    pthread_mutex_lock(&a->lock);
    pthread_cond_broadcast(&a->moved);
    pthread_mutex_unlock(&a->lock);
}

static bool anything(struct ahead *a)
{
    return atomic_load(&a->put) != atomic_load(&a->taken) || atomic_load(&a->ended);
}

static bool settled(struct ahead *a)
{
    return atomic_load(&a->reader_waits) || atomic_load(&a->ended);
}

/* Half of both rings is free: waking up for less would be often. */
static bool half_free(struct ahead *a)
{
    return (atomic_load(&a->put) - atomic_load(&a->taken) <= SLOTS / 2 &&
            atomic_load(&a->used) - atomic_load(&a->given_back) <= ROOM / 2) ||
           atomic_load(&a->quit);
}

/* Room for n bytes in one piece: where they begin, counted in all bytes so far. */
static bool find_room(struct ahead *a, uint32_t n, uint64_t *at)
{
    const uint64_t used = atomic_load(&a->used), left = ROOM - used % ROOM;

    *at = left < n ? used + left : used;
    return *at + n - atomic_load(&a->given_back) <= ROOM &&
           atomic_load(&a->put) - atomic_load(&a->taken) < SLOTS;
}

/* False when nobody wants more. */
static bool put(struct ahead *a, const struct frame *f, uint64_t round)
{
    uint64_t at;

    while (!find_room(a, f->len, &at) && !atomic_load(&a->quit))
        wait_moved(a, &a->reader_waits, half_free);
    if (atomic_load(&a->quit))
        return false;
    uint8_t *const data = a->bytes + at % ROOM;
    const uint32_t captured = f->caplen < f->len ? f->caplen : f->len;
    memcpy(data, f->data, captured);
    memset(data + captured, 0, f->len - captured);
    atomic_store(&a->used, at + f->len);
    a->slots[atomic_load(&a->put) % SLOTS] =
        (struct slot){{data, f->ts, round, f->len}, at + f->len};
    atomic_fetch_add(&a->put, 1);
    wake(a, &a->sender_waits);
    return true;
}

static bool tagged(const struct frame *f)
{
    return f->caplen >= ETHER_HEADER && f->data[12] == 0x81 && f->data[13] == 0x00;
}

/* Whether the frame can be sent; counts why not. */
static bool fits(struct ahead *a, const struct frame *f)
{
    const uint32_t most = a->mtu + ETHER_HEADER + (tagged(f) ? VLAN_TAG : 0);

    if (f->len > most)
        atomic_fetch_add(&a->too_long, 1);
    else if (f->caplen < ETHER_HEADER || f->len < ETHER_HEADER)
        atomic_fetch_add(&a->too_short, 1);
    else
        return true;
    return false;
}

/* CAPTURE_END after a round that had something. */
static enum capture_status read_round(struct ahead *a, uint64_t round, bool *any)
{
    struct frame f;
    enum capture_status status;

    *any = false;
    while ((status = frames_next(a->frames, &f, &a->problem)) == CAPTURE_FRAME) {
        if (!fits(a, &f))
            continue;
        if (f.caplen < f.len)
            atomic_fetch_add(&a->filled, 1);
        if (!put(a, &f, round))
            return CAPTURE_END;
        *any = true;
    }
    return status;
}

static void *reader(void *arg)
{
    struct ahead *const a = arg;
    bool any = true;

    a->status = CAPTURE_END;
    for (uint64_t round = 0; a->status == CAPTURE_END && any && !atomic_load(&a->quit) &&
                             (a->rounds == 0 || round < a->rounds);
         round++) {
        if (round > 0 && !frames_rewind(a->frames, &a->problem))
            a->status = CAPTURE_BAD;
        else
            a->status = read_round(a, round, &any);
    }
    atomic_store(&a->ended, true);
    wake(a, &a->sender_waits);
    return NULL;
}

/* Signals are for the thread that sends. */
static bool start(struct ahead *a)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = pthread_create(&a->thread, NULL, reader, a) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void release(struct ahead *a)
{
    pthread_cond_destroy(&a->moved);
    pthread_mutex_destroy(&a->lock);
    free(a->slots);
    free(a->bytes);
    free(a);
}

struct ahead *ahead_new(struct frames *f, uint64_t rounds, uint32_t mtu, struct err *e)
{
    struct ahead *const a = mem_zero(1, sizeof *a);

    a->frames = f;
    a->rounds = rounds;
    a->mtu = mtu < MOST_MTU ? mtu : MOST_MTU;
    a->slots = mem_alloc(SLOTS, sizeof *a->slots);
    a->bytes = mem_alloc(ROOM, 1);
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->moved, NULL);
    if (start(a))
        return a;
    err_set(e, "can't start a thread");
    release(a);
    return NULL;
}

void ahead_free(struct ahead *a)
{
    if (!a)
        return;
    atomic_store(&a->quit, true);
    wake(a, &a->reader_waits);
    pthread_join(a->thread, NULL);
    release(a);
}

static void give_back(struct ahead *a)
{
    if (!a->holds)
        return;
    atomic_store(&a->given_back, a->slots[atomic_load(&a->taken) % SLOTS].end);
    atomic_fetch_add(&a->taken, 1);
    a->holds = false;
    if (atomic_load(&a->reader_waits) && half_free(a))
        wake(a, &a->reader_waits);
}

void ahead_fill(struct ahead *a)
{
    const struct timespec pause = {0, FILL_POLL_NS};

    for (int i = 0; i < FILL_POLLS && !settled(a) && !stop_asked(); i++)
        (void)nanosleep(&pause, NULL);
}

enum capture_status ahead_next(struct ahead *a, struct outgoing *o, struct err *e)
{
    give_back(a);
    while (!anything(a) && !stop_asked())
        wait_moved(a, &a->sender_waits, anything);
    if (stop_asked())
        return CAPTURE_END;
    const uint64_t taken = atomic_load(&a->taken);
    if (atomic_load(&a->put) != taken) {
        *o = a->slots[taken % SLOTS].o;
        a->holds = true;
        return CAPTURE_FRAME;
    }
    if (a->status == CAPTURE_BAD)
        *e = a->problem;
    return a->status;
}

struct ahead_counts ahead_counts(struct ahead *a)
{
    return (struct ahead_counts){atomic_load(&a->too_long), atomic_load(&a->too_short),
                                 atomic_load(&a->filled)};
}
