/* The switch configuration of the P4Runtime tutorials: {"table_entries": [{"table": …}, …]}. */
#include "entries_raw.h"

#include <string.h>

enum {
    JSON_MAX_DEPTH = 32,
    JSON_MAX_STRING = 4096,
};

struct text {
    char p[JSON_MAX_STRING];
    size_t n;
};

static bool read_text(struct scan *s, struct text *t)
{
    return scan_string(s, t->p, sizeof t->p, &t->n);
}

static bool text_is(const struct text *t, const char *text)
{
    return span_is((struct span){t->p, t->n}, text);
}

static bool read_name(struct scan *s, struct raw_entries *r, uint32_t *name)
{
    struct text t;

    if (!read_text(s, &t))
        return false;
    *name = raw_name(r, (struct span){t.p, t.n});
    return true;
}

/* The members of an object: true while there is one more, whose name is in *key; then the value is
 * next. `ok` turns false on an error, the caller's or ours, and then there are no more. */
static bool next_member(struct scan *s, bool *first, struct text *key, bool *ok)
{
    if (!*ok || scan_take(s, '}'))
        return false;
    *ok = (*first || scan_expect(s, ',')) && read_text(s, key) && scan_expect(s, ':');
    *first = false;
    return *ok;
}

static bool next_item(struct scan *s, bool *first, bool *ok)
{
    if (!*ok || scan_take(s, ']'))
        return false;
    *ok = *first || scan_expect(s, ',');
    *first = false;
    return *ok;
}

/* Numbers of members that nobody asked for may be negative or have decimals. */
static bool skip_scalar(struct scan *s)
{
    bool any = false;

    while (scan_word(s).n > 0 || scan_take(s, '-') || scan_take(s, '+'))
        any = true;
    return any || scan_fail(s, "a value expected");
}

static bool skip_value(struct scan *s, unsigned depth)
{
    bool first = true, ok = true;
    struct text key;

    if (depth == JSON_MAX_DEPTH)
        return scan_fail(s, "nested deeper than %d", JSON_MAX_DEPTH);
    if (scan_take(s, '{')) {
        while (next_member(s, &first, &key, &ok))
            ok = skip_value(s, depth + 1);
        return ok;
    }
    if (scan_take(s, '[')) {
        while (next_item(s, &first, &ok))
            ok = skip_value(s, depth + 1);
        return ok;
    }
    return scan_at(s, '"') ? scan_skip_string(s) : skip_scalar(s);
}

static bool read_key(struct scan *s, uint32_t name, struct raw_entries *r)
{
    struct raw_key key = {.name = name, .kind = RAW_EXACT};

    if (scan_take(s, '[')) {
        key.kind = RAW_PAIR;
        if (!scan_number(s, &key.a) || !scan_expect(s, ',') || !scan_number(s, &key.b) ||
            !scan_expect(s, ']'))
            return false;
    } else if (!scan_number(s, &key.a)) {
        return false;
    }
    raw_add_key(r, key);
    return true;
}

static bool read_param(struct scan *s, uint32_t name, struct raw_entries *r)
{
    struct raw_param param = {.name = name};

    if (!scan_number(s, &param.value))
        return false;
    raw_add_param(r, param);
    return true;
}

static bool read_members(struct scan *s, struct raw_entries *r,
                         bool (*read)(struct scan *, uint32_t, struct raw_entries *))
{
    bool first = true, ok = true;
    struct text key;

    if (!scan_expect(s, '{'))
        return false;
    while (next_member(s, &first, &key, &ok))
        ok = read(s, raw_name(r, (struct span){key.p, key.n}), r);
    return ok;
}

static bool read_bool(struct scan *s, bool *v)
{
    const struct span word = scan_word(s);

    *v = span_is(word, "true");
    return *v || span_is(word, "false") || scan_fail(s, "true or false expected");
}

static bool read_entry_member(struct scan *s, const struct text *key, struct raw_entries *r)
{
    if (text_is(key, "table"))
        return read_name(s, r, &raw_last(r)->table);
    if (text_is(key, "action_name"))
        return read_name(s, r, &raw_last(r)->action);
    if (text_is(key, "match"))
        return read_members(s, r, read_key);
    if (text_is(key, "action_params"))
        return read_members(s, r, read_param);
    if (text_is(key, "default_action"))
        return read_bool(s, &raw_last(r)->is_default);
    if (!text_is(key, "priority"))
        return skip_value(s, 0);
    raw_last(r)->has_priority = true;
    return scan_number(s, &raw_last(r)->priority);
}

static bool read_entry(struct scan *s, struct raw_entries *r)
{
    bool first = true, ok = true;
    struct text key;

    if (!scan_expect(s, '{'))
        return false;
    const struct raw_entry *const entry = raw_begin(r, RAW_NO_NAME, RAW_NO_NAME, s->line);
    const uint64_t line = entry->line;
    while (next_member(s, &first, &key, &ok))
        ok = read_entry_member(s, &key, r);
    if (ok && (raw_last(r)->table == RAW_NO_NAME || raw_last(r)->action == RAW_NO_NAME))
        return scan_fail(s, "the entry of line %ju has no table or no action_name",
                         (uintmax_t)line);
    return ok;
}

static bool read_top_member(struct scan *s, const struct text *key, struct raw_entries *r)
{
    bool first = true, ok = true;
    struct text text;

    if (text_is(key, "encoding")) {
        ok = read_text(s, &text);
        r->ternary = ok && !text_is(&text, "range");
        return ok;
    }
    if (!text_is(key, "table_entries"))
        return skip_value(s, 0);
    if (!scan_expect(s, '['))
        return false;
    while (next_item(s, &first, &ok))
        ok = read_entry(s, r);
    return ok;
}

bool read_p4runtime_json(struct scan *s, struct raw_entries *r)
{
    bool first = true, ok = true;
    struct text key;

    r->order = ORDER_HIGHEST;
    r->named = true;
    if (!scan_expect(s, '{'))
        return false;
    while (next_member(s, &first, &key, &ok))
        ok = read_top_member(s, &key, r);
    return ok && (!scan_blank(s) || scan_fail(s, "text after the end of the object"));
}
