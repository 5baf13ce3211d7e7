/* The formats with an entry a line: BMv2's simple_switch_CLI and DPDK's SWX tables. */
#include "entries_raw.h"
#include "entries_read.h"

#include <string.h>

static bool bad_word(const struct scan *s, const char *what, struct span word)
{
    if (word.n == 0)
        return scan_fail(s, "%s expected where the line ends", what);
    return scan_fail(s, "'%.*s' is not %s", word.n > 40 ? 40 : (int)word.n, word.p, what);
}

/* Splits text at the first `mark`; false where there is none. */
static bool split_at(struct span text, const char *mark, struct span *before, struct span *after)
{
    const char *const at = memmem(text.p, text.n, mark, strlen(mark));

    if (!at)
        return false;
    *before = (struct span){text.p, (size_t)(at - text.p)};
    after->p = at + strlen(mark);
    after->n = text.n - before->n - strlen(mark);
    return true;
}

static bool parse_bmv2_key(struct span word, struct raw_key *key)
{
    struct span a = word, b = {0};

    key->name = RAW_NO_NAME;
    if (split_at(word, "->", &a, &b))
        key->kind = RAW_RANGE;
    else if (split_at(word, "&&&", &a, &b))
        key->kind = RAW_TERNARY;
    else if (split_at(word, "/", &a, &b))
        key->kind = RAW_LPM;
    else
        return key->kind = RAW_EXACT, scan_number_of(word, &key->a);
    return scan_number_of(a, &key->a) && scan_number_of(b, &key->b);
}

static bool read_bmv2_params(struct scan *s, struct span *rest, struct raw_entries *r)
{
    for (struct span word = scan_token(rest); word.n > 0; word = scan_token(rest)) {
        struct raw_param param = {.name = RAW_NO_NAME};
        if (!scan_number_of(word, &param.value))
            return bad_word(s, "a number", word);
        raw_add_param(r, param);
    }
    return true;
}

static bool read_bmv2_line(struct scan *s, struct span rest, struct raw_entries *r)
{
    const struct span command = scan_token(&rest);
    const bool add = span_is(command, "table_add");

    if (command.n == 0) /* repeats the line before, which changes nothing */
        return true;
    if (!add && !span_is(command, "table_set_default"))
        return bad_word(s, "table_add or table_set_default", command);
    const struct span table = scan_token(&rest), action = scan_token(&rest);
    if (action.n == 0)
        return bad_word(s, "a table and an action", action);
    raw_begin(r, raw_name(r, table), raw_name(r, action), s->line)->is_default = !add;
    if (!add)
        return read_bmv2_params(s, &rest, r);
    for (;;) {
        const struct span word = scan_token(&rest);
        struct raw_key key = {0};
        if (span_is(word, "=>"))
            return read_bmv2_params(s, &rest, r);
        if (!parse_bmv2_key(word, &key))
            return bad_word(s, "a key or =>", word);
        raw_add_key(r, key);
    }
}

bool read_bmv2(struct scan *s, struct raw_entries *r)
{
    struct span line;

    r->order = ORDER_LOWEST;
    r->priority_last = true;
    while (scan_line(s, &line))
        if (!read_bmv2_line(s, line, r))
            return false;
    return true;
}

/* "value/mask", or a value alone. */
static bool parse_dpdk_key(struct span word, struct raw_key *key)
{
    struct span a, b;

    key->name = RAW_NO_NAME;
    key->kind = RAW_TERNARY;
    if (split_at(word, "/", &a, &b))
        return scan_number_of(a, &key->a) && scan_number_of(b, &key->b);
    key->kind = RAW_EXACT;
    return scan_number_of(word, &key->a);
}

/* After "action": its name, then names and values of its parameters. */
static bool read_dpdk_action(struct scan *s, struct span *rest, struct raw_entries *r)
{
    const struct span action = scan_token(rest);

    if (action.n == 0)
        return bad_word(s, "an action", action);
    raw_last(r)->action = raw_name(r, action);
    for (struct span name = scan_token(rest); name.n > 0; name = scan_token(rest)) {
        const struct span value = scan_token(rest);
        struct raw_param param = {.name = raw_name(r, name)};
        if (!scan_number_of(value, &param.value))
            return bad_word(s, "a number", value);
        raw_add_param(r, param);
    }
    return true;
}

static bool few_words(const struct scan *s, struct span line)
{
    unsigned n = 0;

    while (scan_token(&line).n > 0)
        n++;
    return n <= DPDK_MAX_WORDS || scan_fail(s, "more than %d words in a line", DPDK_MAX_WORDS);
}

static bool read_dpdk_line(struct scan *s, struct span rest, struct raw_entries *r)
{
    const struct span first = scan_token(&rest);

    if (first.n == 0)
        return true;
    if (!span_is(first, "match"))
        return bad_word(s, "'match'", first);
    raw_begin(r, raw_name(r, s->section), RAW_NO_NAME, s->line)->has_priority = true;
    for (;;) {
        const struct span word = scan_token(&rest);
        struct raw_key key = {0};
        if (span_is(word, "action"))
            return read_dpdk_action(s, &rest, r);
        if (span_is(word, "priority")) {
            const struct span number = scan_token(&rest);
            if (!scan_number_of(number, &raw_last(r)->priority) ||
                raw_last(r)->priority > UINT32_MAX)
                return bad_word(s, "a priority", number);
            continue;
        }
        if (!parse_dpdk_key(word, &key))
            return bad_word(s, "a key, priority or action", word);
        raw_add_key(r, key);
    }
}

bool read_dpdk(struct scan *s, struct raw_entries *r)
{
    struct span line;

    r->order = ORDER_LOWEST;
    while (scan_line(s, &line))
        if (!few_words(s, line) || !read_dpdk_line(s, line, r))
            return false;
    return true;
}
