/* P4Runtime: a WriteRequest in Protocol Buffers' text format. */
#include "entries_raw.h"
#include "textproto.h"

#include <stdio.h>
#include <string.h>

/* The match and the parameter that are being read. */
struct state {
    struct raw_entries *r;
    struct raw_key key;
    bool has_kind;
    struct raw_param param;
};

/* The name of an id: its number, which entries_bind() looks up. */
static uint32_t id_name(struct raw_entries *r, uint64_t id)
{
    char text[24];
    const int n = snprintf(text, sizeof text, "%ju", (uintmax_t)id);

    return raw_name(r, (struct span){text, (size_t)n});
}

/* Bytes, the greatest first. */
static bool number_of_bytes(const struct scan *s, struct span bytes, uint64_t *v)
{
    *v = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        if (*v >> 56 != 0)
            return scan_fail(s, "a value of more than 64 bits");
        *v = *v << 8 | (uint8_t)bytes.p[i];
    }
    return bytes.n > 0 || scan_fail(s, "a value without bytes");
}

static bool set_kind(const struct scan *s, struct state *st, struct span name)
{
    static const struct {
        const char *name;
        enum raw_kind kind;
    } kinds[] = {
        {"range", RAW_RANGE},
        {"ternary", RAW_TERNARY},
        {"exact", RAW_EXACT},
        {"lpm", RAW_LPM},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (span_is(name, kinds[i].name)) {
            st->key.kind = kinds[i].kind;
            st->has_kind = true;
            return true;
        }
    return scan_fail(s, "a match by '%.*s'", (int)name.n, name.p);
}

static bool open_message(const struct scan *s, struct state *st, struct span parent,
                         struct span name)
{
    if (span_is(name, "table_entry"))
        raw_begin(st->r, RAW_NO_NAME, RAW_NO_NAME, s->line);
    else if (span_is(name, "match") && st->r->n_entries > 0)
        st->key = (struct raw_key){.name = RAW_NO_NAME}, st->has_kind = false;
    else if (span_is(name, "params"))
        st->param = (struct raw_param){.name = RAW_NO_NAME};
    else if (span_is(parent, "match"))
        return set_kind(s, st, name);
    return st->r->n_entries > 0 || span_is(name, "updates") || span_is(name, "entity") ||
           span_is(name, "election_id") ||
           scan_fail(s, "'%.*s' outside of a table_entry", (int)name.n, name.p);
}

static bool close_message(const struct scan *s, struct state *st, struct span name)
{
    if (span_is(name, "match")) {
        if (!st->has_kind)
            return scan_fail(s, "a match without a range, ternary, exact or lpm");
        if (st->key.name == RAW_NO_NAME)
            return scan_fail(s, "a key without a field_id");
        raw_add_key(st->r, st->key);
    } else if (span_is(name, "params")) {
        if (st->param.name == RAW_NO_NAME)
            return scan_fail(s, "a parameter without a param_id");
        raw_add_param(st->r, st->param);
    }
    return true;
}

static bool number_field(struct state *st, struct span parent, struct span name, uint64_t v)
{
    if (st->r->n_entries == 0)
        return true;
    struct raw_entry *const entry = raw_last(st->r);
    if (span_is(name, "table_id"))
        entry->table = id_name(st->r, v);
    else if (span_is(name, "action_id"))
        entry->action = id_name(st->r, v);
    else if (span_is(name, "field_id"))
        st->key.name = id_name(st->r, v);
    else if (span_is(name, "param_id"))
        st->param.name = id_name(st->r, v);
    else if (span_is(name, "prefix_len"))
        st->key.b = v;
    else if (span_is(parent, "table_entry") && span_is(name, "priority"))
        entry->has_priority = true, entry->priority = v;
    return true;
}

static bool bytes_field(const struct scan *s, struct state *st, struct span parent,
                        struct span name, struct span bytes)
{
    uint64_t v;

    if (!number_of_bytes(s, bytes, &v))
        return false;
    if (span_is(parent, "params"))
        st->param.value = v;
    else if (span_is(name, "low") || span_is(name, "value"))
        st->key.a = v;
    else if (span_is(name, "high") || span_is(name, "mask"))
        st->key.b = v;
    return true;
}

static bool handle(void *context, const struct scan *s, enum textproto_event event,
                   struct span parent, struct span name, const struct textproto_value *v)
{
    struct state *const st = context;

    switch (event) {
    case TEXTPROTO_OPEN:
        return open_message(s, st, parent, name);
    case TEXTPROTO_CLOSE:
        return close_message(s, st, name);
    case TEXTPROTO_NUMBER:
        if (span_is(parent, "updates") && span_is(name, "type") && v->number - 1 > 1)
            return scan_fail(s, "an update of type %ju", (uintmax_t)v->number);
        return number_field(st, parent, name, v->number);
    case TEXTPROTO_WORD:
        if (span_is(name, "type") && !span_is(v->text, "INSERT") && !span_is(v->text, "MODIFY"))
            return scan_fail(s, "an update of type '%.*s'", (int)v->text.n, v->text.p);
        if (span_is(name, "is_default_action") && st->r->n_entries > 0)
            raw_last(st->r)->is_default = span_is(v->text, "true");
        return true;
    case TEXTPROTO_STRING:
        return bytes_field(s, st, parent, name, v->text);
    }
    return true;
}

bool read_p4runtime_text(struct scan *s, struct raw_entries *r)
{
    struct state st = {.r = r};

    r->order = ORDER_HIGHEST;
    r->named = true;
    r->ids = true;
    return textproto_read(s, handle, &st);
}
