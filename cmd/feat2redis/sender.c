#include "sender.h"

#include "mem.h"
#include "stop.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_BYTES = 4 * 1024 * 1024 };

struct batch {
    struct textbuf text;
    size_t rows, commands;
};

struct sender {
    struct redis *redis;
    const struct options *o;
    struct shape shape;
    struct batch next, away; /* being put together, and not answered yet */
    struct patience patience;
    struct err why; /* the connection was lost, or the last batch refused */
    uint64_t rows, again, unheard;
};

/* What became of a batch. */
enum fate {
    TAKEN,
    LOST,    /* the connection is, and nobody knows */
    REFUSED, /* by a server that may take it later */
    FAILED,  /* for good */
};

static const char begin[] = "*1\r\n$5\r\nMULTI\r\n", end[] = "*1\r\n$4\r\nEXEC\r\n";

struct sender *sender_new(struct redis *r, const struct options *o, struct shape shape)
{
    struct sender *const s = mem_zero(1, sizeof *s);

    s->redis = r;
    s->o = o;
    s->shape = shape;
    s->patience.most = o->shared->redis.retry;
    return s;
}

void sender_free(struct sender *s)
{
    if (!s)
        return;
    free(s->next.text.p);
    free(s->away.text.p);
    free(s);
}

struct textbuf *sender_room(struct sender *s)
{
    if (s->next.text.n == 0)
        textbuf_bytes(&s->next.text, begin, sizeof begin - 1);
    return &s->next.text;
}

/* What the commands of a batch answered, once it was taken as a whole. */
static enum fate look_at(struct sender *s, const redisReply *reply, struct err *e)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != s->away.commands) {
        redis_fail(s->redis, "EXEC was not answered by a list", e);
        return FAILED;
    }
    for (size_t i = 0; i < reply->elements; i++)
        if (reply->element[i]->type == REDIS_REPLY_ERROR) {
            redis_fail(s->redis, reply->element[i]->str, e);
            return FAILED;
        }
    const size_t first = (size_t)s->shape.publish;
    if (s->shape.publish >= 0 && s->away.rows > 0)
        for (size_t i = first; i < reply->elements; i += s->shape.commands)
            s->unheard += reply->element[i]->integer == 0;
    return TAKEN;
}

/* Waits for the answers: one to MULTI, one to each command, and EXEC's, which tells. s->why gets
 * the first error, which is why EXEC fails. */
static enum fate answers(struct sender *s)
{
    struct err *const e = &s->why;
    bool told = false, passing = false;

    for (size_t i = 0; i < s->away.commands + 2; i++) {
        struct err lost;
        redisReply *const reply = redis_owed(s->redis, &lost);
        if (!reply) {
            s->why = lost;
            return LOST;
        }
        const bool last = i == s->away.commands + 1;
        enum fate fate = FAILED;
        if (reply->type == REDIS_REPLY_ERROR && !told) {
            redis_fail(s->redis, reply->str, e);
            passing = redis_passing(reply->str);
            told = true;
        }
        if (last && !told)
            fate = look_at(s, reply, e);
        freeReplyObject(reply);
        if (last)
            return told && passing ? REFUSED : fate;
    }
    return FAILED;
}

/* The server does not take the batch, or is gone: waits, and sends it again. */
static bool try_again(struct sender *s, enum fate fate)
{
    if (s->patience.until == 0 && s->o->shared->redis.retry > 0)
        cli_note(s->o->shared, "%s; trying again for %g s", s->why.text, s->o->shared->redis.retry);
    if (fate == LOST && !redis_come_back(s->redis, &s->patience, stop_asked, &s->why))
        return false;
    if (fate == REFUSED && !patience_wait(&s->patience, stop_asked))
        return false;
    if (fate == LOST)
        s->again += s->away.rows;
    (void)redis_send(s->redis, &s->away.text, &s->why); /* settle() finds a connection gone */
    return true;
}

/* Waits until the batch under way is in Redis. */
static bool settle(struct sender *s, struct err *e)
{
    while (s->away.text.n > 0) {
        const enum fate fate = redis_connected(s->redis) ? answers(s) : LOST;
        if (fate == FAILED || (fate != TAKEN && !try_again(s, fate))) {
            *e = s->why;
            return false;
        }
        if (fate != TAKEN)
            continue;
        patience_renew(&s->patience);
        s->rows += s->away.rows;
        s->away.text.n = s->away.rows = s->away.commands = 0;
    }
    return true;
}

/* Sends what has been put together, once the one before it is answered. */
static bool turn(struct sender *s, struct err *e)
{
    if (s->next.commands == 0)
        return true;
    textbuf_bytes(&s->next.text, end, sizeof end - 1);
    if (!settle(s, e))
        return false;
    const struct batch empty = s->away;
    s->away = s->next;
    s->next = empty;
    if (redis_connected(s->redis))
        (void)redis_send(s->redis, &s->away.text, &s->why); /* settle() finds a connection gone */
    return true;
}

bool sender_added(struct sender *s, struct err *e)
{
    s->next.commands += s->shape.commands;
    s->next.rows++;
    return (s->next.rows < s->o->batch && s->next.text.n < BATCH_BYTES) || turn(s, e);
}

bool sender_add_other(struct sender *s, size_t commands, struct err *e)
{
    s->next.commands += commands;
    return turn(s, e);
}

bool sender_flush(struct sender *s, struct err *e)
{
    return turn(s, e) && settle(s, e);
}

void sender_ping(struct sender *s)
{
    struct textbuf ping = {0};

    if (!redis_connected(s->redis))
        return;
    RESP_COMMAND(&ping, "PING");
    freeReplyObject(redis_ask(s->redis, &ping, &s->why));
    free(ping.p);
}

uint64_t sender_rows(const struct sender *s)
{
    return s->rows;
}

uint64_t sender_unanswered(const struct sender *s)
{
    return s->away.rows + s->next.rows;
}

uint64_t sender_again(const struct sender *s)
{
    return s->again;
}

uint64_t sender_unheard(const struct sender *s)
{
    return s->unheard;
}
