/* bfrt_python of Tofino's SDE: bfrt.PATH.add_with_ACTION(iat_start=0, iat_end=5, …). */
#include "entries_raw.h"

#include <string.h>

struct argument {
    struct span name;
    uint64_t value;
};

static bool ends_with(struct span name, const char *suffix, struct span *stem)
{
    const size_t n = strlen(suffix);

    *stem = (struct span){name.p, name.n > n ? name.n - n : 0};
    return name.n > n && memcmp(name.p + name.n - n, suffix, n) == 0;
}

static bool read_argument(struct scan *s, struct argument *a)
{
    a->name = scan_word(s);
    if (a->name.n == 0)
        return scan_fail(s, "the name of an argument expected");
    return scan_expect(s, '=') && scan_number(s, &a->value);
}

/* The second half of a key has to follow the first. */
static bool read_second(struct scan *s, struct span stem, const char *suffix, uint64_t *v)
{
    struct argument a;
    struct span found;

    if (!scan_expect(s, ',') || !read_argument(s, &a))
        return false;
    *v = a.value;
    return (ends_with(a.name, suffix, &found) && span_equal(found, stem)) ||
           scan_fail(s, "'%.*s%s' expected", (int)stem.n, stem.p, suffix);
}

/* Is the next argument NAME_mask? Moves nothing. */
static bool mask_follows(const struct scan *s, struct span name)
{
    struct scan ahead = *s;
    struct span stem;

    return scan_take(&ahead, ',') && ends_with(scan_word(&ahead), "_mask", &stem) &&
           span_equal(stem, name);
}

static bool read_arguments(struct scan *s, struct raw_entries *r)
{
    for (bool first = true; !scan_take(s, ')'); first = false) {
        struct argument a;
        struct span stem;
        struct raw_key key = {0};
        if ((!first && !scan_expect(s, ',')) || !read_argument(s, &a))
            return false;
        key.a = a.value;
        if (span_is(a.name, "MATCH_PRIORITY") || span_is(a.name, "match_priority")) {
            raw_last(r)->has_priority = true;
            raw_last(r)->priority = a.value;
        } else if (ends_with(a.name, "_start", &stem)) {
            key.name = raw_name(r, stem);
            key.kind = RAW_RANGE;
            if (!read_second(s, stem, "_end", &key.b))
                return false;
            raw_add_key(r, key);
        } else if (mask_follows(s, a.name)) {
            key.name = raw_name(r, a.name);
            key.kind = RAW_TERNARY;
            if (!read_second(s, a.name, "_mask", &key.b))
                return false;
            raw_add_key(r, key);
        } else {
            raw_add_param(r, (struct raw_param){raw_name(r, a.name), a.value});
        }
    }
    return true;
}

static bool read_call(struct scan *s, struct raw_entries *r)
{
    static const char add[] = ".add_with_", set_default[] = ".set_default_with_";
    const struct span call = scan_word(s);
    const char *at = memmem(call.p, call.n, add, strlen(add));
    const bool is_default = !at;
    size_t n = strlen(add);

    if (is_default) {
        at = memmem(call.p, call.n, set_default, strlen(set_default));
        n = strlen(set_default);
    }
    if (!at || call.n < 6 || memcmp(call.p, "bfrt.", 5) != 0 || at < call.p + 5)
        return scan_fail(s, "'bfrt.TABLE.add_with_ACTION(' expected");
    const struct span table = {call.p + 5, (size_t)(at - call.p) - 5};
    const struct span action = {at + n, call.n - (size_t)(at - call.p) - n};
    raw_begin(r, raw_name(r, table), raw_name(r, action), s->line)->is_default = is_default;
    return scan_expect(s, '(') && read_arguments(s, r);
}

bool read_bfrt(struct scan *s, struct raw_entries *r)
{
    r->order = ORDER_LOWEST;
    while (scan_blank(s))
        if (!read_call(s, r))
            return false;
    return true;
}
