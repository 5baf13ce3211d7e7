/* A subscriber: each message is the key of a hash, which is fetched over a second connection.
 * Redis keeps no messages: those sent while nobody listens are lost, and a later row's number tells
 * how many they were. */
#include "mem.h"
#include "stop.h"
#include "work.h"

#include <stdlib.h>
#include <string.h>

enum { OWN_FIELDS = 3 };
static const char *const own_fields[OWN_FIELDS] = {REDIS_FIELD_RUN, REDIS_FIELD_ROW,
                                                   REDIS_FIELD_RAW};

struct channel {
    struct work *w;
    struct redis *fetching, *listening;
    const char *base; /* of the keys that describe the hashes */
    struct textbuf command;
    redisReply **messages; /* whose hashes have not been fetched */
    redisReply **hashes;
    size_t n, cap_messages, cap_hashes;
    char *run;              /* of the last row; NULL: none yet */
    uint64_t heard, pinged; /* time_now() */
};

static bool subscribe(struct channel *c, struct err *e)
{
    c->command.n = 0;
    RESP_COMMAND(&c->command, "SUBSCRIBE", c->w->o->channel);
    redisReply *const reply = redis_ask(c->listening, &c->command, e);

    freeReplyObject(reply);
    c->heard = c->pinged = time_now();
    return reply != NULL;
}

/* Nothing has been heard for long: asks for a sign of life, and does not wait for ever for it. */
static bool still_there(struct channel *c, struct err *e)
{
    const uint64_t now = time_now(), ping_after = UINT64_C(10000000000);

    if ((double)(now - c->heard) > c->w->o->shared->redis.timeout * 1e9 + (double)ping_after) {
        redis_disconnect(c->listening);
        return err_set(e, "%s: no answer for %g s", redis_name(c->listening),
                       c->w->o->shared->redis.timeout);
    }
    if (now - c->heard < ping_after || now - c->pinged < ping_after)
        return true;
    c->pinged = now;
    c->command.n = 0;
    RESP_COMMAND(&c->command, "PING");
    return redis_send(c->listening, &c->command, e);
}

/* Waits for messages and takes those that are there. False with *e: the connection is lost. */
static bool listen_on(struct channel *c, struct err *e)
{
    const size_t room = work_room(c->w);
    int wait = work_wait(c->w);

    while (c->n < room) {
        redisReply *m;
        const enum answer a = redis_answer(c->listening, wait, &m, e);
        if (a == ANSWER_LOST)
            return false;
        if (a == ANSWER_NONE)
            return c->n > 0 || still_there(c, e);
        c->heard = time_now();
        if (m->type == REDIS_REPLY_ARRAY && m->elements == 3 && reply_text(m->element[0]).p &&
            span_is(reply_text(m->element[0]), "message") && reply_text(m->element[2]).p) {
            c->messages = mem_grow(c->messages, &c->cap_messages, c->n + 1, sizeof m);
            c->messages[c->n++] = m;
            wait = 0;
        } else {
            freeReplyObject(m); /* the answer to PING */
        }
    }
    return true;
}

static void put_fetch(struct channel *c, struct span key)
{
    const struct rows *const rows = c->w->rows;
    const size_t width = rows_width(rows);

    resp_begin(&c->command, 2 + width + OWN_FIELDS);
    resp_text(&c->command, "HMGET");
    resp_span(&c->command, key);
    for (size_t i = 0; i < width; i++)
        resp_span(&c->command, rows_name(rows, i));
    for (size_t i = 0; i < OWN_FIELDS; i++)
        resp_text(&c->command, own_fields[i]);
}

static struct span key_of(const struct channel *c, size_t i)
{
    return reply_text(c->messages[i]->element[2]);
}

/* All hashes of the messages, in one go. False with *e: the connection is lost. */
static bool fetch(struct channel *c, struct err *e)
{
    c->command.n = 0;
    for (size_t i = 0; i < c->n; i++)
        put_fetch(c, key_of(c, i));
    if (!redis_send(c->fetching, &c->command, e))
        return false;
    c->hashes = mem_grow(c->hashes, &c->cap_hashes, c->n, sizeof *c->hashes);
    for (size_t i = 0; i < c->n; i++)
        if (!(c->hashes[i] = redis_owed(c->fetching, e))) {
            while (i > 0)
                freeReplyObject(c->hashes[--i]);
            return false;
        }
    return true;
}

/* The columns, where they are not known, or where another run may have changed them. */
static bool learn_columns(struct channel *c, struct err *e)
{
    return work_describe(c->w, c->fetching, c->base, e) &&
           (rows_width(c->w->rows) > 0 ||
            err_set(e,
                    "%s: there is neither '%sheader' nor '%scolumns': is --key the one that "
                    "feat2redis was given?",
                    redis_name(c->fetching), c->base, c->base));
}

static bool is_last_run(const struct channel *c, struct span run)
{
    return c->run && run.p && span_is(run, c->run);
}

/* One hash to a row. What is gone, or was never a row, is counted. */
static bool take_hash(struct channel *c, struct span key, const redisReply *hash,
                      struct span *values, struct err *e)
{
    const size_t width = rows_width(c->w->rows);
    struct row row = {.values = values};
    struct span *const own[OWN_FIELDS] = {&row.run, &row.number, &row.raw};
    char where[256];

    if (hash->type != REDIS_REPLY_ARRAY || hash->elements != width + OWN_FIELDS) {
        rows_gone(c->w->rows);
        return true;
    }
    for (size_t i = 0; i < OWN_FIELDS; i++)
        *own[i] = reply_text(hash->element[width + i]);
    if (row.run.p && !is_last_run(c, row.run)) {
        const unsigned changes = rows_changes(c->w->rows);
        if (!learn_columns(c, e))
            return false;
        if (rows_changes(c->w->rows) != changes)
            return err_set(e, "%s: the columns changed while rows were fetched: start again",
                           redis_name(c->fetching));
        free(c->run);
        c->run = mem_string(row.run.p, row.run.n);
    }
    for (size_t i = 0; i < width; i++) {
        values[i] = reply_text(hash->element[i]);
        if (!values[i].p) {
            rows_gone(c->w->rows);
            return true;
        }
    }
    (void)snprintf(where, sizeof where, "key '%.*s'", key.n < 200 ? (int)key.n : 200, key.p);
    return rows_put(c->w->rows, &row, where, e);
}

static void forget(struct channel *c)
{
    for (size_t i = 0; i < c->n; i++)
        freeReplyObject(c->messages[i]);
    c->n = 0;
}

/* The hashes of the messages to rows. False with *e, also where the connection was lost; the
 * messages are then still to be dealt with. */
static bool take_messages(struct channel *c, struct err *e)
{
    if (c->n == 0)
        return true;
    if ((rows_width(c->w->rows) == 0 && !learn_columns(c, e)) || !fetch(c, e))
        return false;
    struct span *const values = mem_zero(rows_width(c->w->rows), sizeof *values);
    bool ok = true;
    for (size_t i = 0; i < c->n; i++) {
        ok = ok && take_hash(c, key_of(c, i), c->hashes[i], values, e);
        freeReplyObject(c->hashes[i]);
    }
    free(values);
    forget(c);
    struct err full;
    if (!work_flush(c->w, &full)) {
        *e = full;
        return false;
    }
    return ok;
}

/* False with *e when it is the end. */
static bool step(struct channel *c, struct err *e)
{
    if (!redis_connected(c->fetching))
        return work_come_back(c->w, c->fetching, e);
    if (!redis_connected(c->listening)) {
        if (!work_come_back(c->w, c->listening, e))
            return false;
        return subscribe(c, e) || !redis_connected(c->listening);
    }
    const bool heard = listen_on(c, e);
    const bool taken = take_messages(c, e);
    if (heard && taken)
        patience_renew(&c->w->patience);
    return taken || !redis_connected(c->fetching);
}

bool channel_run(struct work *w, struct redis *r, struct err *e)
{
    struct channel c = {.w = w, .fetching = r, .base = redis_key_base(w->o->key)};
    bool ok = (c.listening = redis_new(w->o->shared->redis.url, w->o->shared->redis.timeout, e)) !=
                  NULL &&
              redis_connect(c.listening, e) && subscribe(&c, e);

    while (ok && !work_done(w))
        ok = step(&c, e) || work_done(w);
    if (ok && rows_width(w->rows) == 0 && redis_connected(r))
        ok = work_describe(w, r, c.base, e);
    forget(&c);
    redis_free(c.listening);
    free(c.messages);
    free(c.hashes);
    free(c.command.p);
    free(c.run);
    return ok;
}
