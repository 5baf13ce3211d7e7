#include "textproto.h"

struct reader {
    struct scan *s;
    textproto_fn *fn;
    void *context;
};

static bool read_scalar(const struct reader *r, struct span parent, struct span name)
{
    struct scan *const s = r->s;
    struct textproto_value v = {0};
    char buf[TEXTPROTO_MAX_STRING];

    if (scan_at(s, '"')) {
        if (!scan_string(s, buf, sizeof buf, &v.text.n))
            return false;
        v.text.p = buf;
        return r->fn(r->context, s, TEXTPROTO_STRING, parent, name, &v);
    }
    if (scan_take(s, '-'))
        return scan_number(s, &v.number);
    if (scan_blank(s) && *s->p >= '0' && *s->p <= '9')
        return scan_number(s, &v.number) &&
               r->fn(r->context, s, TEXTPROTO_NUMBER, parent, name, &v);
    v.text = scan_word(s);
    if (v.text.n == 0)
        return scan_fail(s, "a value expected");
    return r->fn(r->context, s, TEXTPROTO_WORD, parent, name, &v);
}

/* Fields up to the end of the text or the closing brace of the message. */
static bool read_fields(const struct reader *r, struct span parent, unsigned depth)
{
    struct scan *const s = r->s;

    while (scan_blank(s) && *s->p != '}') {
        if (scan_take(s, ';') || scan_take(s, ','))
            continue;
        const struct span name = scan_word(s);
        if (name.n == 0)
            return scan_fail(s, "the name of a field expected");
        const bool colon = scan_take(s, ':');
        if (!scan_take(s, '{')) {
            if ((!colon && !scan_expect(s, ':')) || !read_scalar(r, parent, name))
                return false;
            continue;
        }
        if (depth == TEXTPROTO_MAX_DEPTH)
            return scan_fail(s, "nested deeper than %d", TEXTPROTO_MAX_DEPTH);
        if (!r->fn(r->context, s, TEXTPROTO_OPEN, parent, name, NULL) ||
            !read_fields(r, name, depth + 1) || !scan_expect(s, '}') ||
            !r->fn(r->context, s, TEXTPROTO_CLOSE, parent, name, NULL))
            return false;
    }
    return true;
}

bool textproto_read(struct scan *s, textproto_fn *fn, void *context)
{
    const struct reader r = {s, fn, context};

    return read_fields(&r, (struct span){"", 0}, 0) &&
           (!scan_blank(s) || scan_fail(s, "'}' without its '{'"));
}
