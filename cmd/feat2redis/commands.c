#include "commands.h"

#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct commands {
    const struct options *o;
    const struct table *t;
    struct shape shape;
    struct textbuf *names;   /* a column's name as bytes of the protocol */
    struct textbuf stream;   /* XADD's words before the fields, */
    struct textbuf hash;     /* HSET's first, */
    struct textbuf run;      /* and the field of the run with its value */
    struct textbuf row, raw; /* names of fields */
    struct textbuf key;
    size_t stream_words;
};

static bool check_names(const struct table *t, struct err *e)
{
    static const char *const own[] = {REDIS_FIELD_RUN, REDIS_FIELD_ROW, REDIS_FIELD_RAW};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (table_find(t, own[i]) != TABLE_NONE)
            return err_set(e, "%s:1: column '%s' has the name of a field that feat2redis adds",
                           table_path(t), own[i]);
    return true;
}

static void put_run(struct commands *c)
{
    char chance[17] = "";
    uint64_t number = 0;

    if (!c->o->run && getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        die_sys("getrandom");
    *num_put_hex16(chance, number) = '\0';
    resp_text(&c->run, REDIS_FIELD_RUN);
    resp_text(&c->run, c->o->run ? c->o->run : chance);
}

static void put_stream(struct commands *c)
{
    resp_text(&c->stream, "XADD");
    resp_text(&c->stream, c->o->stream);
    if (c->o->maxlen) {
        resp_text(&c->stream, "MAXLEN");
        resp_text(&c->stream, "~");
        resp_u64(&c->stream, c->o->maxlen);
    }
    resp_text(&c->stream, "*");
    c->stream_words = c->o->maxlen ? 6 : 3;
}

static struct shape shape_of(const struct options *o)
{
    struct shape s = {.publish = -1};

    s.commands = (o->key ? 2U : 0U) + (o->ttl ? 1U : 0U);
    if (o->channel)
        s.publish = (long)s.commands++;
    s.commands += o->stream ? 1U : 0U;
    return s;
}

struct commands *commands_new(const struct options *o, const struct table *t, struct err *e)
{
    struct commands *const c = mem_zero(1, sizeof *c);

    c->o = o;
    c->t = t;
    c->shape = shape_of(o);
    c->names = mem_zero(table_width(t), sizeof *c->names);
    for (size_t i = 0; i < table_width(t); i++)
        resp_text(&c->names[i], table_name(t, i));
    put_run(c);
    resp_text(&c->row, REDIS_FIELD_ROW);
    resp_text(&c->raw, REDIS_FIELD_RAW);
    resp_text(&c->hash, "HSET");
    if (o->stream)
        put_stream(c);
    if (check_names(t, e) && (!o->key || redis_key_bind(o->key, t, e)))
        return c;
    commands_free(c);
    return NULL;
}

void commands_free(struct commands *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < table_width(c->t); i++)
        free(c->names[i].p);
    free(c->names);
    free(c->stream.p);
    free(c->hash.p);
    free(c->run.p);
    free(c->row.p);
    free(c->raw.p);
    free(c->key.p);
    free(c);
}

struct shape commands_shape(const struct commands *c)
{
    return c->shape;
}

/* The names, in order, in a list; and the header as it stands, whose delimiter and quotes the names
 * don't tell. */
static void describe(struct commands *c, const char *base, const char *colon, struct textbuf *to)
{
    struct textbuf *const key = &c->key;

    key->n = 0;
    textbuf_printf(key, "%s%scolumns", base, colon);
    RESP_COMMAND(to, "DEL", key->p);
    resp_begin(to, 2 + table_width(c->t));
    resp_text(to, "RPUSH");
    resp_text(to, key->p);
    for (size_t i = 0; i < table_width(c->t); i++)
        textbuf_bytes(to, c->names[i].p, c->names[i].n);
    key->n = 0;
    textbuf_printf(key, "%s%sheader", base, colon);
    resp_begin(to, 3);
    resp_text(to, "SET");
    resp_text(to, key->p);
    resp_span(to, table_raw(c->t));
}

size_t commands_describe(struct commands *c, struct textbuf *to)
{
    const size_t kinds = (c->o->key ? 1U : 0U) + (c->o->stream ? 1U : 0U);

    if (c->o->key)
        describe(c, redis_key_base(c->o->key), "", to);
    if (c->o->stream)
        describe(c, c->o->stream, ":", to);
    return 3 * kinds;
}

/* Whether the row's fields, quoted where they must be, are not the row as it stands. */
static bool needs_raw(const struct table *t)
{
    const struct span raw = table_raw(t);
    const struct span *const fields = table_row(t);

    if (memchr(raw.p, '"', raw.n))
        return true;
    for (size_t i = 0; i < table_width(t); i++) {
        const struct span f = fields[i];
        if (f.n > 0 &&
            (f.p[0] == ' ' || f.p[0] == '\t' || f.p[f.n - 1] == ' ' || f.p[f.n - 1] == '\t'))
            return true;
    }
    return memchr(raw.p, '\r', raw.n) != NULL;
}

static void put_fields(const struct commands *c, bool raw, bool numbered, struct textbuf *to)
{
    const struct span *const fields = table_row(c->t);

    for (size_t i = 0; i < table_width(c->t); i++) {
        textbuf_bytes(to, c->names[i].p, c->names[i].n);
        resp_span(to, fields[i]);
    }
    if (numbered) {
        textbuf_bytes(to, c->run.p, c->run.n);
        textbuf_bytes(to, c->row.p, c->row.n);
        resp_u64(to, table_rows(c->t));
    }
    if (raw) {
        textbuf_bytes(to, c->raw.p, c->raw.n);
        resp_span(to, table_raw(c->t));
    }
}

/* A hash has this row's fields and no others: what was there before goes. */
static void put_hash(const struct commands *c, bool raw, struct textbuf *to)
{
    const struct options *const o = c->o;
    const struct span key = {c->key.p, c->key.n};
    const size_t pairs = table_width(c->t) + (o->channel ? 2U : 0U) + (raw ? 1U : 0U);

    resp_begin(to, 2);
    resp_text(to, "DEL");
    resp_span(to, key);
    resp_begin(to, 2 + 2 * pairs);
    textbuf_bytes(to, c->hash.p, c->hash.n);
    resp_span(to, key);
    put_fields(c, raw, o->channel != NULL, to);
    if (o->ttl) {
        resp_begin(to, 3);
        resp_text(to, "EXPIRE");
        resp_span(to, key);
        resp_u64(to, o->ttl);
    }
    if (o->channel) {
        resp_begin(to, 3);
        resp_text(to, "PUBLISH");
        resp_text(to, o->channel);
        resp_span(to, key);
    }
}

bool commands_row(struct commands *c, struct textbuf *to, struct err *e)
{
    const bool raw = needs_raw(c->t);

    c->key.n = 0;
    if (c->o->key && !redis_key_put(c->o->key, c->t, &c->key, e))
        return false;
    if (c->o->key)
        put_hash(c, raw, to);
    if (c->o->stream) {
        resp_begin(to, c->stream_words + 2 * (table_width(c->t) + 2U + (raw ? 1U : 0U)));
        textbuf_bytes(to, c->stream.p, c->stream.n);
        put_fields(c, raw, true, to);
    }
    return true;
}
