#include "mem.h"
#include "moment.h"
#include "preamble.h"
#include "queue.h"
#include "sink.h"
#include "stop.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Messages wait in `queue`; those that a connection was given stay in `flight` until the
 * collector's system has acknowledged them, and go back to the queue when the connection ends
 * before that. So a collector that reads what it was sent and goes away loses nothing. IPFIX has no
 * acknowledgment of its own: of what the system took and the collector did not read, nothing is
 * known but that the connection was reset. */

#define BACKOFF_LEAST (100 * MOMENT_MS)
#define BACKOFF_MOST (5 * MOMENT_S)
#define GOODBYE (1 * MOMENT_S) /* for the collector to read the end and close */

enum { DEAD_MS = 60000 }; /* without an acknowledgment: the connection is over */

enum state { DOWN, CONNECTING, UP };

struct tcp_sink {
    struct sink base;
    const struct sink_options *o;
    const struct collector *to;
    struct preamble preamble;
    struct queue queue, flight;
    size_t described;  /* messages of the preamble that this connection has */
    size_t left;       /* bytes of the last in flight that are not written yet */
    uint32_t sequence; /* of this connection */

    int fd;
    enum state state;
    const struct addrinfo *next; /* address to try */
    uint64_t retry, backoff;     /* the moment of the next attempt, the pause after it */
    uint64_t progress;           /* the moment of the last one, or since when there is work */
    bool told;                   /* that it is away */
    bool fruitful;               /* something was acknowledged since the last connection was made */
    struct sink_counts counts;
};

static bool is_empty(const struct tcp_sink *t)
{
    return t->queue.n == 0 && t->flight.n == 0;
}

static bool is_stuck(const struct tcp_sink *t)
{
    return (stop_asked() && t->state != UP) || moment_now() - t->progress >= t->o->give_up;
}

/* Takes out of the flight what the other side has. */
static void land(struct tcp_sink *t)
{
    int written = 0; /* and not acknowledged */

    if (t->flight.n == 0 || ioctl(t->fd, SIOCOUTQ, &written) != 0)
        return;
    const uint64_t open = (uint64_t)written + t->left;
    while (t->flight.n && t->flight.bytes - queue_first(&t->flight)->n >= open) {
        free(queue_pop(&t->flight).p);
        t->progress = moment_now();
        t->backoff = BACKOFF_LEAST;
        t->fruitful = true;
    }
}

/* The connection is over, or could not be made: tries again later. */
static void go_down(struct tcp_sink *t, int why)
{
    if (t->state == UP) {
        land(t);
        /* EPIPE: it had closed, which it does only after all is read; the reset came later. */
        t->counts.resets += why != 0 && why != EPIPE;
    }
    while (t->flight.n) {
        const struct message m = queue_pop_last(&t->flight);
        if (m.rows)
            queue_push_front(&t->queue, &m);
        else
            free(m.p);
    }
    if (t->fd >= 0)
        (void)close(t->fd);
    t->fd = -1;
    t->state = DOWN;
    t->described = t->left = 0;
    t->sequence = 0;
    t->retry = moment_now() + t->backoff;
    t->backoff = 2 * t->backoff < BACKOFF_MOST ? 2 * t->backoff : BACKOFF_MOST;
    const char *const reason = why ? strerror(why) : "closed by the collector";
    (void)snprintf(t->counts.reason, sizeof t->counts.reason, "%s", reason);
    if (!t->told)
        cli_note(t->o->shared, "%s: %s; trying again", t->to->url, reason);
    t->told = true;
}

static void come_up(struct tcp_sink *t)
{
    if (t->told)
        cli_note(t->o->shared, "%s: connected, %llu rows wait", t->to->url,
                 (unsigned long long)t->queue.rows);
    t->told = false;
    t->state = UP;
    t->counts.connects++;
    /* A new connection is progress, but not one after the other that nothing comes of. */
    if (t->fruitful)
        t->progress = moment_now();
    t->fruitful = false;
}

static void begin_connect(struct tcp_sink *t)
{
    const struct addrinfo *const a = t->next ? t->next : t->to->addresses;
    const unsigned timeout = DEAD_MS;

    t->next = a->ai_next;
    t->fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
    if (t->fd < 0) {
        go_down(t, errno);
        return;
    }
    /* A machine that is gone says nothing. */
    (void)setsockopt(t->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
    if (connect(t->fd, a->ai_addr, a->ai_addrlen) == 0)
        come_up(t);
    else if (errno == EINPROGRESS)
        t->state = CONNECTING;
    else
        go_down(t, errno);
}

static void end_connect(struct tcp_sink *t)
{
    struct pollfd fd = {.fd = t->fd, .events = POLLOUT};
    int why = 0;
    socklen_t n = sizeof why;

    if (poll(&fd, 1, 0) == 0)
        return;
    if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &why, &n) != 0)
        why = errno;
    if (why)
        go_down(t, why);
    else
        come_up(t);
}

/* Whether the connection still stands. A collector sends nothing; what it does send is dropped. */
static bool stands(struct tcp_sink *t)
{
    char bytes[512];
    ssize_t n;

    do
        n = recv(t->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    while (n > 0 || (n < 0 && errno == EINTR));
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return true;
    go_down(t, n < 0 ? errno : 0);
    return false;
}

/* Begins the next message: what describes comes first. False: there is none. */
static bool begin_message(struct tcp_sink *t)
{
    struct message m;

    if (t->described < t->preamble.n && (t->described > 0 || t->queue.n > 0))
        m = message_copy(&t->preamble.at[t->described++]);
    else if (t->queue.n)
        m = queue_pop(&t->queue);
    else
        return false;
    message_stamp(&m, t->o->has_time ? t->o->time : (uint32_t)time(NULL), t->sequence);
    t->sequence += m.records;
    t->left = m.n;
    queue_push(&t->flight, &m);
    return true;
}

static void write_on(struct tcp_sink *t)
{
    while (t->left > 0 || begin_message(t)) {
        const struct message *const m =
            &t->flight.ring[(t->flight.first + t->flight.n - 1) % t->flight.cap];
        const ssize_t n = send(t->fd, m->p + m->n - t->left, t->left, MSG_NOSIGNAL);

        if (n >= 0)
            t->left -= (size_t)n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else if (errno != EINTR) {
            go_down(t, errno);
            return;
        }
    }
}

/* Does what can be done without waiting. */
static void pump(struct tcp_sink *t)
{
    if (t->state == DOWN && moment_now() >= t->retry)
        begin_connect(t);
    if (t->state == CONNECTING)
        end_connect(t);
    if (t->state == UP && stands(t)) {
        land(t);
        write_on(t);
    }
    if (t->state == UP)
        land(t);
}

/* Waits for the connection, for fd, or for the moment. Whether fd can be read. */
static bool wait_once(struct tcp_sink *t, int fd, uint64_t until)
{
    struct pollfd fds[] = {
        {.fd = fd, .events = POLLIN},
        {.fd = t->fd, .events = t->state == CONNECTING || t->left ? POLLIN | POLLOUT : POLLIN},
    };
    const uint64_t look = moment_now() + 20 * MOMENT_MS; /* acknowledgments wake nobody */

    if (t->state == DOWN && t->retry < until)
        until = t->retry;
    if (t->flight.n && look < until)
        until = look;
    return poll(fds, 2, moment_left_ms(until)) > 0 && fds[0].revents;
}

static void drop(struct tcp_sink *t)
{
    const struct message m = queue_pop(&t->queue);

    t->counts.lost += m.rows;
    t->counts.dropped += m.rows;
    free(m.p);
}

static bool describe(struct sink *s, const struct message *m, struct err *e)
{
    struct tcp_sink *const t = (struct tcp_sink *)s;

    (void)e;
    preamble_add(&t->preamble, m);
    return true;
}

/* Waits for room as long as the collector is not given up; then the oldest rows go. */
static bool data(struct sink *s, const struct message *m, struct err *e)
{
    struct tcp_sink *const t = (struct tcp_sink *)s;
    const struct message copy = message_copy(m);

    (void)e;
    if (is_empty(t))
        t->progress = moment_now();
    queue_push(&t->queue, &copy);
    pump(t);
    while (t->queue.rows > t->o->queue && t->queue.n > 1) {
        if (is_stuck(t))
            drop(t);
        else
            (void)wait_once(t, -1, t->progress + t->o->give_up);
        pump(t);
    }
    return true;
}

static void wait_for(struct sink *s, int fd, uint64_t until)
{
    struct tcp_sink *const t = (struct tcp_sink *)s;
    const bool asked = stop_asked();

    do {
        pump(t);
        if (wait_once(t, fd, until))
            return;
    } while (moment_now() < until && asked == stop_asked());
}

/* Says goodbye, and waits a moment for the collector to do so: it closes when it has read all. */
static void close_gently(struct tcp_sink *t)
{
    const uint64_t until = moment_now() + (GOODBYE < t->o->give_up ? GOODBYE : t->o->give_up);
    char byte;

    t->told = true; /* no word of what comes now */
    (void)shutdown(t->fd, SHUT_WR);
    for (;;) {
        struct pollfd fd = {.fd = t->fd, .events = POLLIN};
        if (poll(&fd, 1, moment_left_ms(until)) <= 0)
            return;
        const ssize_t n = recv(t->fd, &byte, 1, MSG_DONTWAIT);
        if (n == 0)
            return;
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            t->counts.resets += errno != EPIPE;
            return;
        }
        if (moment_now() >= until)
            return;
    }
}

/* What is counted as lost must not arrive later: the system drops what it still holds. */
static void close_hard(struct tcp_sink *t)
{
    const struct linger none = {.l_onoff = 1, .l_linger = 0};

    land(t);
    (void)setsockopt(t->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    (void)close(t->fd);
    t->fd = -1;
}

static void abandon(struct sink *s)
{
    struct tcp_sink *const t = (struct tcp_sink *)s;

    if (t->fd >= 0)
        (void)close(t->fd);
    queue_free(&t->queue);
    queue_free(&t->flight);
    preamble_free(&t->preamble);
    free(t);
}

static bool finish(struct sink *s, struct sink_counts *c, struct err *e)
{
    struct tcp_sink *const t = (struct tcp_sink *)s;

    (void)e;
    /* What is left has the whole time once more, and an attempt at once. */
    t->progress = moment_now();
    t->retry = 0;
    for (pump(t); !is_empty(t) && !is_stuck(t); pump(t))
        (void)wait_once(t, -1, t->progress + t->o->give_up);
    if (t->state == UP && is_empty(t))
        close_gently(t);
    else if (t->state == UP)
        close_hard(t);
    t->counts.lost += t->queue.rows + t->flight.rows;
    *c = t->counts;
    abandon(s);
    return true;
}

struct sink *sink_tcp(const struct sink_options *o, const struct collector *to)
{
    static const struct sink_ops ops = {describe, data, wait_for, finish, abandon};
    struct tcp_sink *const t = mem_zero(1, sizeof *t);

    *t = (struct tcp_sink){.base = {&ops},
                           .o = o,
                           .to = to,
                           .fd = -1,
                           .backoff = BACKOFF_LEAST,
                           .progress = moment_now(),
                           .fruitful = true};
    return &t->base;
}
