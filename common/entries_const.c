/* What stands in a table of P4_16: const default_action = A(1); const entries = { (0 .. 5) : A(2);
 * } Comments "table NAME" say for which table. */
#include "entries_raw.h"

static bool read_params(struct scan *s, struct raw_entries *r)
{
    if (!scan_expect(s, '('))
        return false;
    for (bool first = true; !scan_take(s, ')'); first = false) {
        struct raw_param param = {.name = RAW_NO_NAME};
        if ((!first && !scan_expect(s, ',')) || !scan_number(s, &param.value))
            return false;
        raw_add_param(r, param);
    }
    return scan_expect(s, ';');
}

static bool read_action(struct scan *s, struct raw_entries *r)
{
    const struct span name = scan_word(s);

    if (name.n == 0)
        return scan_fail(s, "an action expected");
    raw_last(r)->action = raw_name(r, name);
    return read_params(s, r);
}

static bool read_key(struct scan *s, struct raw_entries *r)
{
    struct raw_key key = {.name = RAW_NO_NAME, .kind = RAW_EXACT};
    bool ok = scan_number(s, &key.a);

    if (ok && scan_take(s, '.')) {
        key.kind = RAW_RANGE;
        ok = scan_expect(s, '.') && scan_number(s, &key.b);
    } else if (ok && scan_take(s, '&')) {
        key.kind = RAW_TERNARY;
        ok = scan_expect(s, '&') && scan_expect(s, '&') && scan_number(s, &key.b);
    }
    if (ok)
        raw_add_key(r, key);
    return ok;
}

static bool read_entry(struct scan *s, struct raw_entries *r)
{
    const bool tuple = scan_take(s, '(');

    raw_begin(r, raw_name(r, s->section), RAW_NO_NAME, s->line);
    if (!read_key(s, r))
        return false;
    while (tuple && !scan_take(s, ')'))
        if (!scan_expect(s, ',') || !read_key(s, r))
            return false;
    return scan_expect(s, ':') && read_action(s, r);
}

static bool read_property(struct scan *s, struct raw_entries *r)
{
    if (!span_is(scan_word(s), "const"))
        return scan_fail(s, "'const default_action' or 'const entries' expected");
    const struct span property = scan_word(s);
    if (span_is(property, "default_action")) {
        raw_begin(r, raw_name(r, s->section), RAW_NO_NAME, s->line)->is_default = true;
        return scan_expect(s, '=') && read_action(s, r);
    }
    if (!span_is(property, "entries"))
        return scan_fail(s, "'const default_action' or 'const entries' expected");
    if (!scan_expect(s, '=') || !scan_expect(s, '{'))
        return false;
    while (!scan_take(s, '}'))
        if (!read_entry(s, r))
            return false;
    return true;
}

bool read_const(struct scan *s, struct raw_entries *r)
{
    r->order = ORDER_LISTED;
    while (scan_blank(s))
        if (!read_property(s, r))
            return false;
    return true;
}
