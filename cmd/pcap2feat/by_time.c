#include "by_time.h"

#include "heap.h"
#include "mem.h"
#include "wall.h"

#include <poll.h>
#include <stdlib.h>

enum { NS_PER_MS = 1000000 };

enum part_state {
    PART_EMPTY, /* its next frame is not known */
    PART_FULL,  /* it is: head */
    PART_OVER,
};

struct part {
    struct capture *capture;
    uint32_t origin;
    enum part_state state;
    struct frame head;
};

struct by_time {
    struct part *parts;
    size_t n, cap;
    size_t empty;      /* parts of that state */
    uint32_t given;    /* the part whose frame was given out last */
    struct heap heads; /* of the full parts */
    uint64_t window;   /* ns; 0: files, which are there */
};

struct by_time *by_time_new(void)
{
    return mem_zero(1, sizeof(struct by_time));
}

void by_time_free(struct by_time *m)
{
    if (!m)
        return;
    heap_free(&m->heads);
    free(m->parts);
    free(m);
}

void by_time_add(struct by_time *m, struct capture *c, uint32_t origin)
{
    const uint64_t window = (uint64_t)(BY_TIME_WINDOW_MS + capture_delay(c)) * NS_PER_MS;

    m->parts = mem_grow(m->parts, &m->cap, m->n + 1, sizeof *m->parts);
    m->parts[m->n++] = (struct part){.capture = c, .origin = origin};
    m->empty++;
    if (capture_fd(c) >= 0 && window > m->window)
        m->window = window;
}

/* Asks an empty part for its next frame. False with *e when it can't be read any more. */
static bool fetch(struct by_time *m, uint32_t i, struct err *e)
{
    struct part *const p = &m->parts[i];
    const enum capture_status status = capture_try(p->capture, &p->head, e);

    if (status == CAPTURE_IDLE)
        return true;
    m->empty--;
    p->state = status == CAPTURE_FRAME ? PART_FULL : PART_OVER;
    if (status == CAPTURE_FRAME)
        heap_push(&m->heads, (struct heap_item){p->head.ts, i});
    return status != CAPTURE_BAD;
}

/* The part that gave the last frame is most often the only empty one. */
static bool fetch_all(struct by_time *m, struct err *e)
{
    if (m->n > 0 && m->parts[m->given].state == PART_EMPTY && !fetch(m, m->given, e))
        return false;
    for (uint32_t i = 0; m->empty > 0 && i < m->n; i++)
        if (m->parts[i].state == PART_EMPTY && i != m->given && !fetch(m, i, e))
            return false;
    return true;
}

static void give(struct by_time *m, struct frame *f)
{
    const uint32_t i = heap_pop(&m->heads).who;
    struct part *const p = &m->parts[i];

    *f = p->head;
    f->origin = p->origin;
    p->state = PART_EMPTY;
    m->empty++;
    m->given = i;
}

/* How long the earliest frame has to wait for others, in ms, rounded up; 0: not any more. Times
 * that are not of our clock wait for nothing. */
static int wait_of_first(const struct by_time *m)
{
    const uint64_t ts = m->heads.items[0].time, now = wall_now();

    if (m->empty == 0 || ts > now || now - ts >= m->window)
        return 0;
    return (int)((m->window - (now - ts)) / NS_PER_MS) + 1;
}

/* Until a silent interface has something, or a signal comes. */
static void wait_for_empty(const struct by_time *m, int ms)
{
    struct pollfd *const fds = mem_zero(m->n, sizeof *fds);
    nfds_t n = 0;

    for (size_t i = 0; i < m->n; i++)
        if (m->parts[i].state == PART_EMPTY)
            fds[n++] = (struct pollfd){.fd = capture_fd(m->parts[i].capture), .events = POLLIN};
    (void)poll(fds, n, ms);
    free(fds);
}

enum capture_status by_time_next(struct by_time *m, struct frame *f, struct err *e)
{
    bool waited = false;

    for (;;) {
        if (!fetch_all(m, e))
            return CAPTURE_BAD;
        if (m->heads.n == 0 && m->empty == 0)
            return CAPTURE_END;
        if (m->heads.n == 0 && waited)
            return CAPTURE_IDLE;
        const int ms = m->heads.n > 0 ? wait_of_first(m) : TAP_TIMEOUT_MS;
        if (ms == 0) {
            give(m, f);
            return CAPTURE_FRAME;
        }
        wait_for_empty(m, ms);
        waited = true;
    }
}
