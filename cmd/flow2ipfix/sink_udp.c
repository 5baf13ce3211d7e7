#include "mem.h"
#include "moment.h"
#include "preamble.h"
#include "sink.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A refusal by the collector's machine (ICMP) comes back as the error of a later call: it is that
 * of the message sent last, or of one before. */

enum { LAST_ERRORS = 200 }; /* ms that refusals of the last messages have to come back */

struct udp_sink {
    struct sink base;
    const struct sink_options *o;
    int fd;
    struct preamble preamble;
    uint32_t sequence;
    uint64_t refreshed;     /* the moment of */
    uint64_t since_refresh; /* messages */
    uint32_t last_rows;     /* of the message sent last */
    struct sink_counts counts;
};

static void refused(struct udp_sink *u)
{
    u->counts.refused++;
    u->counts.lost += u->last_rows;
    u->last_rows = 0;
}

static void send_message(struct udp_sink *u, const struct message *m)
{
    const uint32_t when = u->o->has_time ? u->o->time : (uint32_t)time(NULL);

    message_stamp(m, when, u->sequence);
    u->sequence += m->records;
    for (int attempt = 0; attempt < 3; attempt++) {
        if (send(u->fd, m->p, m->n, MSG_NOSIGNAL) >= 0) {
            u->last_rows = m->rows;
            u->since_refresh++;
            return;
        }
        if (errno == ECONNREFUSED)
            refused(u);
        else if (errno != EINTR)
            break;
    }
    (void)snprintf(u->counts.reason, sizeof u->counts.reason, "%s", strerror(errno));
    u->counts.unsent++;
    u->counts.lost += m->rows;
}

static void refresh(struct udp_sink *u)
{
    for (size_t i = 0; i < u->preamble.n; i++)
        send_message(u, &u->preamble.at[i]);
    u->counts.refreshes++;
    u->refreshed = moment_now();
    u->since_refresh = 0;
}

static bool is_due(const struct udp_sink *u)
{
    return u->preamble.n > 0 && (moment_now() - u->refreshed >= u->o->refresh ||
                                 u->since_refresh >= u->o->refresh_messages);
}

static bool describe(struct sink *s, const struct message *m, struct err *e)
{
    struct udp_sink *const u = (struct udp_sink *)s;

    (void)e;
    if (u->preamble.n == 0)
        u->refreshed = moment_now();
    preamble_add(&u->preamble, m);
    send_message(u, m);
    return true;
}

static bool data(struct sink *s, const struct message *m, struct err *e)
{
    struct udp_sink *const u = (struct udp_sink *)s;

    (void)e;
    if (is_due(u))
        refresh(u);
    send_message(u, m);
    return true;
}

/* Takes what came back; false: nothing. A collector sends nothing. */
static bool take_error(struct udp_sink *u)
{
    char byte;

    if (recv(u->fd, &byte, 1, MSG_DONTWAIT) >= 0)
        return true;
    if (errno != ECONNREFUSED)
        return false;
    refused(u);
    return true;
}

static void wait_for(struct sink *s, int fd, uint64_t until)
{
    struct udp_sink *const u = (struct udp_sink *)s;

    for (;;) {
        struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = u->fd, .events = POLLIN}};
        const uint64_t due = u->preamble.n ? u->refreshed + u->o->refresh : MOMENT_NEVER;
        const int n = poll(fds, 2, moment_left_ms(due < until ? due : until));

        if (n > 0 && fds[1].revents)
            (void)take_error(u);
        if (is_due(u))
            refresh(u);
        if (n < 0 || fds[0].revents || moment_now() >= until)
            return;
    }
}

static void abandon(struct sink *s)
{
    struct udp_sink *const u = (struct udp_sink *)s;

    (void)close(u->fd);
    preamble_free(&u->preamble);
    free(u);
}

static bool finish(struct sink *s, struct sink_counts *c, struct err *e)
{
    struct udp_sink *const u = (struct udp_sink *)s;
    struct pollfd fd = {.fd = u->fd, .events = POLLIN};

    (void)e;
    while (poll(&fd, 1, LAST_ERRORS) > 0 && take_error(u))
        ;
    *c = u->counts;
    abandon(s);
    return true;
}

static int open_socket(const struct collector *to)
{
    int fd = -1;

    for (const struct addrinfo *a = to->addresses; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd < 0 || connect(fd, a->ai_addr, a->ai_addrlen) == 0)
            continue;
        const int why = errno;
        (void)close(fd);
        errno = why;
        fd = -1;
    }
    return fd;
}

struct sink *sink_udp(const struct sink_options *o, const struct collector *to, struct err *e)
{
    static const struct sink_ops ops = {describe, data, wait_for, finish, abandon};
    const int fd = open_socket(to);

    if (fd < 0) {
        err_sys(e, "%s", to->url);
        return NULL;
    }
    struct udp_sink *const u = mem_zero(1, sizeof *u);
    *u = (struct udp_sink){.base = {&ops}, .o = o, .fd = fd};
    return &u->base;
}
