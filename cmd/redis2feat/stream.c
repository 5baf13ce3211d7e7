/* A consumer of a group on a stream. What it is given is acknowledged once its rows have been
 * passed on; what it was given and did not acknowledge comes again: after a lost connection, in its
 * next life, or to another consumer that takes it over. */
#include "mem.h"
#include "num.h"
#include "stop.h"
#include "work.h"

#include <stdlib.h>
#include <string.h>

enum kind {
    KIND_OURS,  /* entries given to us, perhaps in an earlier life, and not acknowledged */
    KIND_CLAIM, /* the same of others, after a time */
    KIND_NEW,
};

enum outcome {
    FINE,
    LOST,    /* the connection */
    REFUSED, /* for a reason that passes */
    FAILED,
};

struct place {
    uint64_t ms, sequence;
};

struct stream {
    struct work *w;
    struct redis *redis;
    const char *name, *group, *consumer;
    char *base; /* of the keys that describe it */
    struct textbuf command, acks, from, cursor, where;
    size_t n_acks;
    bool greeted, ours, claiming;
    uint64_t claim_due;  /* time_now() */
    struct place newest; /* of the entries that came as new */
    struct span *names, *values;
    size_t cap_names, cap_values;
};

static void set(struct textbuf *t, struct span text)
{
    t->n = 0;
    textbuf_bytes(t, text.p, text.n);
}

static void read_ours(struct stream *s)
{
    s->ours = true;
    set(&s->from, (struct span){"0", 1});
}

/* Why there is no good answer. */
static enum outcome look_at(const struct stream *s, const redisReply *reply, struct err *e)
{
    if (!reply)
        return LOST;
    if (reply->type != REDIS_REPLY_ERROR)
        return FINE;
    redis_fail(s->redis, reply->str, e);
    return redis_passing(reply->str) ? REFUSED : FAILED;
}

/* Makes the group unless it is there. */
static enum outcome greet(struct stream *s, struct err *e)
{
    s->command.n = 0;
    RESP_COMMAND(&s->command, "XGROUP", "CREATE", s->name, s->group, "0", "MKSTREAM");
    redisReply *const reply = redis_send(s->redis, &s->command, e) ? redis_owed(s->redis, e) : NULL;
    const bool there =
        reply && reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "BUSYGROUP", 9) == 0;
    const enum outcome outcome = there ? FINE : look_at(s, reply, e);

    freeReplyObject(reply);
    s->greeted = outcome == FINE;
    read_ours(s);
    return outcome;
}

static void put_acks(struct stream *s)
{
    resp_begin(&s->command, 3 + s->n_acks);
    resp_text(&s->command, "XACK");
    resp_text(&s->command, s->name);
    resp_text(&s->command, s->group);
    textbuf_bytes(&s->command, s->acks.p, s->acks.n);
}

static void put_claim(struct stream *s)
{
    struct textbuf *const c = &s->command;

    resp_begin(c, 8);
    resp_text(c, "XAUTOCLAIM");
    resp_text(c, s->name);
    resp_text(c, s->group);
    resp_text(c, s->consumer);
    resp_u64(c, (uint64_t)(s->w->o->claim * 1000));
    resp_text(c, s->cursor.p);
    resp_text(c, "COUNT");
    resp_u64(c, work_room(s->w));
}

static void put_read(struct stream *s, enum kind kind)
{
    struct textbuf *const c = &s->command;

    resp_begin(c, kind == KIND_NEW ? 11 : 9);
    resp_text(c, "XREADGROUP");
    resp_text(c, "GROUP");
    resp_text(c, s->group);
    resp_text(c, s->consumer);
    resp_text(c, "COUNT");
    resp_u64(c, work_room(s->w));
    if (kind == KIND_NEW) {
        resp_text(c, "BLOCK");
        resp_u64(c, (uint64_t)work_wait(s->w));
    }
    resp_text(c, "STREAMS");
    resp_text(c, s->name);
    resp_text(c, kind == KIND_NEW ? ">" : s->from.p);
}

/* What is read next: what is ours already, then what others left, then what is new. */
static enum kind next_kind(struct stream *s)
{
    const double claim = s->w->o->claim;
    const double pause = claim / 2 < 0.1 ? 0.1 : claim / 2 < 30 ? claim / 2 : 30;
    const uint64_t now = time_now();

    if (s->ours)
        return KIND_OURS;
    if (!s->claiming && claim > 0 && now >= s->claim_due) {
        s->claiming = true;
        s->claim_due = now + (uint64_t)(pause * 1e9);
        set(&s->cursor, (struct span){"0-0", 3});
    }
    return s->claiming ? KIND_CLAIM : KIND_NEW;
}

static bool read_place(struct span id, struct place *p)
{
    const char *const dash = memchr(id.p, '-', id.n);

    if (!dash)
        return false;
    const size_t n = (size_t)(dash - id.p);
    return num_u64(id.p, n, &p->ms) == NUM_OK &&
           num_u64(dash + 1, id.n - n - 1, &p->sequence) == NUM_OK;
}

static bool is_later(struct place a, struct place b)
{
    return a.ms != b.ms ? a.ms > b.ms : a.sequence > b.sequence;
}

/* The fields of an entry, in order, to names, values and what feat2redis added. False where it has
 * no column, or what should be text is not. */
static bool read_fields(struct stream *s, const redisReply *fields, struct row *row, size_t *n)
{
    *n = 0;
    s->names = mem_grow(s->names, &s->cap_names, fields->elements, sizeof *s->names);
    s->values = mem_grow(s->values, &s->cap_values, fields->elements, sizeof *s->values);
    for (size_t i = 0; i + 1 < fields->elements; i += 2) {
        const struct span name = reply_text(fields->element[i]);
        const struct span value = reply_text(fields->element[i + 1]);
        if (!name.p || !value.p)
            return false;
        struct span *const own = span_is(name, REDIS_FIELD_RUN)   ? &row->run
                                 : span_is(name, REDIS_FIELD_ROW) ? &row->number
                                 : span_is(name, REDIS_FIELD_RAW) ? &row->raw
                                                                  : NULL;
        if (own) {
            *own = value;
            continue;
        }
        s->names[*n] = name;
        s->values[(*n)++] = value;
    }
    row->values = s->values;
    return *n > 0;
}

static bool same_columns(const struct stream *s, size_t n)
{
    const struct rows *const rows = s->w->rows;

    for (size_t i = 0; i < n && n == rows_width(rows); i++)
        if (!span_equal(s->names[i], rows_name(rows, i)))
            return false;
    return n == rows_width(rows);
}

/* The columns are those of the entry: as the header in Redis writes them where it is theirs. */
static bool learn_columns(struct stream *s, size_t n, struct err *e)
{
    if (rows_width(s->w->rows) == 0 && !work_describe(s->w, s->redis, s->base, e))
        return false;
    return same_columns(s, n) || rows_set_names(s->w->rows, s->names, n, e);
}

/* One entry to a row, and to those that will be acknowledged. */
static bool take_entry(struct stream *s, struct span id, const redisReply *fields, enum kind kind,
                       struct err *e)
{
    struct row row = {.again = kind == KIND_CLAIM};
    struct place place;
    size_t n;

    if (!read_place(id, &place))
        return err_set(e, "%s: an entry without an ID", redis_name(s->redis));
    s->where.n = 0;
    textbuf_printf(&s->where, "stream '%s', entry %.*s", s->name, (int)id.n, id.p);
    if (fields->type != REDIS_REPLY_ARRAY) {
        rows_gone(s->w->rows);
    } else if (!read_fields(s, fields, &row, &n)) {
        return err_set(e, "%s: has no columns", s->where.p);
    } else {
        struct err why;
        if (!same_columns(s, n) && !learn_columns(s, n, &why))
            return err_set(e, "%s: %.900s", s->where.p, why.text);
        row.again = row.again || !is_later(place, s->newest);
        if (!row.again)
            s->newest = place;
        if (!rows_put(s->w->rows, &row, s->where.p, e))
            return false;
    }
    resp_span(&s->acks, id);
    s->n_acks++;
    return true;
}

static bool take_entries(struct stream *s, const redisReply *list, enum kind kind, struct err *e)
{
    for (size_t i = 0; i < list->elements; i++) {
        const redisReply *const entry = list->element[i];
        if (entry->type == REDIS_REPLY_NIL) { /* claimed, and not there any more */
            rows_gone(s->w->rows);
            continue;
        }
        if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2 ||
            !reply_text(entry->element[0]).p)
            return err_set(e, "%s: an entry that is none", redis_name(s->redis));
        const struct span id = reply_text(entry->element[0]);
        if (!take_entry(s, id, entry->element[1], kind, e))
            return false;
        if (kind == KIND_OURS)
            set(&s->from, id);
    }
    return true;
}

/* The list of entries in the answer to XREADGROUP; NULL: none. */
static const redisReply *entries_read(const redisReply *reply)
{
    const redisReply *const stream =
        reply->type == REDIS_REPLY_ARRAY && reply->elements == 1 ? reply->element[0] : NULL;

    if (!stream || stream->type != REDIS_REPLY_ARRAY || stream->elements != 2)
        return NULL;
    return stream->element[1]->type == REDIS_REPLY_ARRAY ? stream->element[1] : NULL;
}

/* The same of XAUTOCLAIM, whose cursor is kept, and which tells what was claimed in vain. */
static const redisReply *entries_claimed(struct stream *s, const redisReply *reply)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 2 ||
        !reply_text(reply->element[0]).p || reply->element[1]->type != REDIS_REPLY_ARRAY)
        return NULL;
    set(&s->cursor, reply_text(reply->element[0]));
    s->claiming = strcmp(s->cursor.p, "0-0") != 0;
    for (size_t i = 0; reply->elements > 2 && i < reply->element[2]->elements; i++)
        rows_gone(s->w->rows);
    return reply->element[1];
}

static bool take_reply(struct stream *s, const redisReply *reply, enum kind kind, struct err *e)
{
    const redisReply *const list =
        kind == KIND_CLAIM ? entries_claimed(s, reply) : entries_read(reply);

    if (kind == KIND_OURS)
        s->ours = list && list->elements > 0;
    if (kind == KIND_CLAIM && !list)
        return err_set(e, "%s: XAUTOCLAIM was not answered by entries", redis_name(s->redis));
    if (!list || list->elements == 0)
        return true;
    const bool ok = take_entries(s, list, kind, e);
    struct err full;
    if (work_flush(s->w, &full))
        return ok;
    /* Nothing of it may count as read. */
    *e = full;
    s->acks.n = s->n_acks = 0;
    return false;
}

/* Waits for the answer to XACK. */
static enum outcome acknowledged(struct stream *s, struct err *e)
{
    redisReply *const reply = redis_owed(s->redis, e);
    const enum outcome outcome = look_at(s, reply, e);

    freeReplyObject(reply);
    if (outcome == FINE)
        s->acks.n = s->n_acks = 0;
    return outcome;
}

/* Acknowledges what was written, and reads more, in one go. */
static enum outcome step(struct stream *s, struct err *e)
{
    const enum kind kind = next_kind(s);
    const bool acks = s->n_acks > 0;
    struct err other;

    s->command.n = 0;
    if (acks)
        put_acks(s);
    if (kind == KIND_CLAIM)
        put_claim(s);
    else
        put_read(s, kind);
    if (!redis_send(s->redis, &s->command, e))
        return LOST;
    const enum outcome first = acks ? acknowledged(s, e) : FINE;
    if (first == LOST)
        return LOST;
    redisReply *const reply = redis_owed(s->redis, &other);
    enum outcome outcome = look_at(s, reply, &other);
    if (outcome != FINE && first == FINE)
        *e = other;
    else if (outcome == FINE && !take_reply(s, reply, kind, e))
        outcome = redis_connected(s->redis) ? FAILED : LOST;
    freeReplyObject(reply);
    return outcome != FINE ? outcome : first;
}

/* At the end: what was written is acknowledged, if it can be. */
static bool last_acks(struct stream *s, struct err *e)
{
    enum outcome outcome = FINE;

    while (s->n_acks > 0 && (outcome == FINE || outcome == LOST)) {
        s->command.n = 0;
        put_acks(s);
        outcome = redis_send(s->redis, &s->command, e) ? acknowledged(s, e) : LOST;
        if (outcome == LOST && !work_come_back(s->w, s->redis, e))
            break;
    }
    if (s->n_acks == 0)
        return true;
    const struct err why = *e;
    return err_set(e, "%.800s (%zu rows were written and not acknowledged: they will come again)",
                   why.text, s->n_acks);
}

static bool steps(struct stream *s, struct err *e)
{
    struct work *const w = s->w;

    while (!work_done(w)) {
        const enum outcome outcome = s->greeted ? step(s, e) : greet(s, e);
        bool go_on = outcome == FINE;
        if (outcome == FINE)
            patience_renew(&w->patience);
        else if (outcome == REFUSED)
            go_on = patience_wait(&w->patience, stop_asked);
        else if (outcome == LOST) {
            s->greeted = false;
            go_on = work_come_back(w, s->redis, e);
        }
        if (!go_on)
            return outcome != FAILED && stop_asked();
    }
    return true;
}

bool stream_run(struct work *w, struct redis *r, struct err *e)
{
    const struct options *const o = w->o;
    struct stream s = {
        .w = w, .redis = r, .name = o->stream, .group = o->group, .consumer = o->consumer};
    struct textbuf base = {0};
    struct err end;

    textbuf_printf(&base, "%s:", o->stream);
    s.base = base.p;
    bool ok = steps(&s, e);
    if (ok && rows_width(w->rows) == 0 && redis_connected(r))
        ok = work_describe(w, r, s.base, e);
    if (s.n_acks > 0 && !last_acks(&s, &end) && ok) {
        *e = end;
        ok = false;
    }
    free(base.p);
    free(s.command.p);
    free(s.acks.p);
    free(s.from.p);
    free(s.cursor.p);
    free(s.where.p);
    free(s.names);
    free(s.values);
    return ok;
}
