#include "redis.h"

#include "mem.h"
#include "redis_url.h"

#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct redis {
    struct redis_url url;
    char *name;
    double timeout; /* s */
    redisContext *context;
    bool refused;
};

struct redis *redis_new(const char *url, double timeout, struct err *e)
{
    struct redis *const r = mem_zero(1, sizeof *r);

    if (!redis_url_parse(url, &r->url, e)) {
        free(r);
        return NULL;
    }
    const char *const password = getenv("REDISCLI_AUTH");
    if (!r->url.password && password && *password)
        r->url.password = mem_string(password, strlen(password));
    r->name = redis_url_name(&r->url);
    r->timeout = timeout;
    return r;
}

void redis_free(struct redis *r)
{
    if (!r)
        return;
    redis_disconnect(r);
    redis_url_free(&r->url);
    free(r->name);
    free(r);
}

const char *redis_name(const struct redis *r)
{
    return r->name;
}

void redis_disconnect(struct redis *r)
{
    if (r->context)
        redisFree(r->context);
    r->context = NULL;
}

bool redis_connected(const struct redis *r)
{
    return r->context != NULL;
}

bool redis_refused(const struct redis *r)
{
    return r->refused;
}

int redis_fd(const struct redis *r)
{
    return r->context ? r->context->fd : -1;
}

bool redis_fail(const struct redis *r, const char *answer, struct err *e)
{
    const bool login = strncmp(answer, "NOAUTH", 6) == 0;

    return err_set(e, "%s: %s%s", r->name, answer,
                   login ? " (a password: in REDISCLI_AUTH or in the URL)" : "");
}

bool redis_passing(const char *answer)
{
    static const char *const kinds[] = {"OOM ",         "MISCONF ",    "LOADING ",
                                        "READONLY ",    "MASTERDOWN ", "NOREPLICAS ",
                                        "CLUSTERDOWN ", "TRYAGAIN ",   "BUSY "};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(answer, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return false;
}

static bool lost(struct redis *r, const char *why, struct err *e)
{
    err_set(e, "%s: %s", r->name, why);
    redis_disconnect(r);
    return false;
}

static bool open_socket(struct redis *r, struct err *e)
{
    const double whole = floor(r->timeout);
    const struct timeval limit = {(time_t)whole, (suseconds_t)((r->timeout - whole) * 1e6)};

    r->context = r->url.host ? redisConnectWithTimeout(r->url.host, (int)r->url.port, limit)
                             : redisConnectUnixWithTimeout(r->url.path, limit);
    if (!r->context)
        return lost(r, "out of memory", e);
    if (r->context->err)
        return lost(r, r->context->errstr, e);
    /* A peer that vanished without a word is found even where nothing is sent for hours. */
    if ((r->url.host && redisEnableKeepAlive(r->context) != REDIS_OK) ||
        redisSetTimeout(r->context, limit) != REDIS_OK)
        return lost(r, r->context->errstr, e);
    return true;
}

/* A command on the way in, whose answer is only whether it was one. */
static bool step(struct redis *r, struct textbuf *command, struct err *e)
{
    redisReply *const reply = redis_send(r, command, e) ? redis_owed(r, e) : NULL;
    /* PING says so where only writing fails. */
    const bool ok =
        reply && (reply->type != REDIS_REPLY_ERROR || strncmp(reply->str, "MISCONF", 7) == 0);

    command->n = 0;
    if (reply && !ok) {
        r->refused = !redis_passing(reply->str);
        redis_fail(r, reply->str, e);
        redis_disconnect(r);
    }
    freeReplyObject(reply);
    return ok;
}

static bool log_in(struct redis *r, struct textbuf *c, struct err *e)
{
    const struct redis_url *const u = &r->url;

    if (u->password) {
        resp_begin(c, u->user ? 3 : 2);
        resp_text(c, "AUTH");
        if (u->user)
            resp_text(c, u->user);
        resp_text(c, u->password);
        if (!step(r, c, e))
            return false;
    }
    resp_begin(c, 1);
    resp_text(c, "PING");
    if (!step(r, c, e))
        return false;
    if (u->database == 0)
        return true;
    resp_begin(c, 2);
    resp_text(c, "SELECT");
    resp_u64(c, u->database);
    return step(r, c, e);
}

bool redis_connect(struct redis *r, struct err *e)
{
    struct textbuf c = {0};

    redis_disconnect(r);
    r->refused = false;
    const bool ok = open_socket(r, e) && log_in(r, &c, e);
    free(c.p);
    return ok;
}

bool redis_pin(struct redis *r, struct err *e)
{
    struct sockaddr_storage address;
    socklen_t n = sizeof address;
    char host[NI_MAXHOST];

    if (!r->url.host)
        return true;
    if (getpeername(redis_fd(r), (struct sockaddr *)&address, &n) != 0)
        return err_sys(e, "%s", r->name);
    const int error = getnameinfo((const struct sockaddr *)&address, n, host, sizeof host, NULL, 0,
                                  NI_NUMERICHOST);
    if (error)
        return err_set(e, "%s: %s", r->name, gai_strerror(error));
    free(r->url.host);
    r->url.host = mem_string(host, strlen(host));
    return true;
}

bool redis_come_back(struct redis *r, struct patience *p, bool (*give_up)(void), struct err *e)
{
    while (patience_wait(p, give_up)) {
        if (redis_connect(r, e))
            return true;
        if (r->refused)
            return false;
    }
    return false;
}

bool redis_send(struct redis *r, const struct textbuf *commands, struct err *e)
{
    const char *p = commands->p;
    const char *const end = p + commands->n;

    if (!r->context)
        return err_set(e, "%s: not connected", r->name);
    while (p < end) {
        const ssize_t n = send(r->context->fd, p, (size_t)(end - p), MSG_NOSIGNAL);
        if (n >= 0)
            p += n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return lost(r, "takes nothing any more", e);
        else if (errno != EINTR)
            return lost(r, strerror(errno), e);
    }
    return true;
}

enum answer redis_answer(struct redis *r, int ms, redisReply **reply, struct err *e)
{
    const uint64_t until = time_now() + (uint64_t)ms * 1000000;
    void *got = NULL;

    *reply = NULL;
    if (!r->context) {
        err_set(e, "%s: not connected", r->name);
        return ANSWER_LOST;
    }
    for (;;) {
        if (redisGetReplyFromReader(r->context, &got) != REDIS_OK)
            break;
        if (got) {
            *reply = got;
            return ANSWER_HERE;
        }
        const uint64_t now = time_now();
        const uint64_t left = now < until ? (until - now + 999999) / 1000000 : 0;
        struct pollfd fd = {.fd = r->context->fd, .events = POLLIN};
        if (poll(&fd, 1, (int)left) <= 0)
            return ANSWER_NONE;
        if (redisBufferRead(r->context) != REDIS_OK)
            break;
    }
    lost(r, r->context->errstr, e);
    return ANSWER_LOST;
}

redisReply *redis_owed(struct redis *r, struct err *e)
{
    const uint64_t until = time_now() + (uint64_t)(r->timeout * 1e9);
    redisReply *reply;

    for (uint64_t now = time_now(); now < until; now = time_now()) {
        const uint64_t ms = (until - now) / 1000000 + 1;
        const enum answer a = redis_answer(r, ms < 3600000 ? (int)ms : 3600000, &reply, e);
        if (a != ANSWER_NONE)
            return reply;
    }
    char why[64];
    (void)snprintf(why, sizeof why, "no answer for %g s", r->timeout);
    lost(r, why, e);
    return NULL;
}

redisReply *redis_ask(struct redis *r, const struct textbuf *command, struct err *e)
{
    redisReply *const reply = redis_send(r, command, e) ? redis_owed(r, e) : NULL;

    if (!reply || reply->type != REDIS_REPLY_ERROR)
        return reply;
    redis_fail(r, reply->str, e);
    freeReplyObject(reply);
    return NULL;
}
