#include "scan.h"

#include "num.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct scan scan_new(const char *text, size_t n, const char *name, const char *comment,
                     struct err *e)
{
    return (struct scan){.p = text,
                         .end = text + n,
                         .line = 1,
                         .name = name,
                         .comment = comment,
                         .section = {"", 0},
                         .e = e};
}

bool scan_fail(const struct scan *s, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(s->e, "%s:%ju: %s", s->name, (uintmax_t)s->line, text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static size_t left(const struct scan *s)
{
    return (size_t)(s->end - s->p);
}

/* A comment may say which table the entries after it are for. */
static void note_section(struct scan *s, struct span comment)
{
    if (!span_is(scan_token(&comment), "table"))
        return;
    const struct span name = scan_token(&comment);
    if (name.n > 0)
        s->section = name;
}

static void skip_comment(struct scan *s)
{
    const size_t marker = strlen(s->comment);
    const char *const end = memchr(s->p, '\n', left(s));
    const char *const stop = end ? end : s->end;

    note_section(s, (struct span){s->p + marker, (size_t)(stop - s->p) - marker});
    s->p = stop;
}

bool scan_blank(struct scan *s)
{
    while (s->p < s->end) {
        const size_t marker = s->comment ? strlen(s->comment) : 0;
        if (is_blank(*s->p))
            s->line += *s->p++ == '\n';
        else if (marker > 0 && left(s) >= marker && memcmp(s->p, s->comment, marker) == 0)
            skip_comment(s);
        else
            return true;
    }
    return false;
}

bool scan_at(struct scan *s, char c)
{
    return scan_blank(s) && *s->p == c;
}

bool scan_take(struct scan *s, char c)
{
    if (!scan_at(s, c))
        return false;
    s->p++;
    return true;
}

bool scan_expect(struct scan *s, char c)
{
    if (scan_take(s, c))
        return true;
    if (s->p == s->end)
        return scan_fail(s, "the file ends where '%c' should follow", c);
    return scan_fail(s, "'%c' expected", c);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '$';
}

struct span scan_word(struct scan *s)
{
    (void)scan_blank(s);
    const char *const from = s->p;
    while (s->p < s->end && is_word(*s->p))
        s->p++;
    return (struct span){from, (size_t)(s->p - from)};
}

bool scan_number(struct scan *s, uint64_t *v)
{
    (void)scan_blank(s);
    const char *const from = s->p;
    while (s->p < s->end && is_word(*s->p) && *s->p != '.')
        s->p++;
    const struct span text = {from, (size_t)(s->p - from)};
    if (scan_number_of(text, v))
        return true;
    return scan_fail(s, "'%.*s' is not a number of at most 64 bits", text.n > 40 ? 40 : (int)text.n,
                     text.p);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* Up to `most` digits of a base after the cursor. */
static bool take_digits(struct scan *s, int base, int most, unsigned *v)
{
    int n = 0;

    for (*v = 0; n < most && s->p < s->end && digit_of(*s->p) < base; n++)
        *v = *v * (unsigned)base + (unsigned)digit_of(*s->p++);
    return n > 0 && *v <= 255;
}

/* What follows a backslash. */
static bool take_escape(struct scan *s, char *c)
{
    static const char letters[] = "abfnrtv\"'\\/?", meant[] = "\a\b\f\n\r\t\v\"'\\/?";
    unsigned v;

    if (s->p == s->end)
        return false;
    const char *const letter = *s->p != '\0' ? strchr(letters, *s->p) : NULL;
    if (letter) {
        *c = meant[letter - letters];
        s->p++;
        return true;
    }
    const bool hex = *s->p == 'x';
    s->p += hex;
    if (!take_digits(s, hex ? 16 : 8, hex ? 2 : 3, &v))
        return false;
    *c = (char)v;
    return true;
}

bool scan_string(struct scan *s, char *buf, size_t size, size_t *n)
{
    if (!scan_expect(s, '"'))
        return false;
    for (*n = 0;; (*n)++) {
        if (s->p == s->end || *s->p == '\n')
            return scan_fail(s, "a string without its closing quote");
        char c = *s->p++;
        if (c == '"')
            return true;
        if (c == '\\' && !take_escape(s, &c))
            return scan_fail(s, "an escape in a string that is not known");
        if (*n == size)
            return scan_fail(s, "a string of more than %zu bytes", size);
        buf[*n] = c;
    }
}

bool scan_skip_string(struct scan *s)
{
    if (!scan_expect(s, '"'))
        return false;
    while (s->p < s->end && *s->p != '\n') {
        const char c = *s->p++;
        if (c == '"')
            return true;
        if (c == '\\' && s->p < s->end && *s->p != '\n')
            s->p++;
    }
    return scan_fail(s, "a string without its closing quote");
}

/* One line, and whether it is a comment. */
static struct span take_line(struct scan *s, bool *comment)
{
    const char *const end = memchr(s->p, '\n', left(s));
    const struct span line = {s->p, (size_t)((end ? end : s->end) - s->p)};
    const size_t marker = s->comment ? strlen(s->comment) : 0;

    *comment = marker > 0 && line.n >= marker && memcmp(line.p, s->comment, marker) == 0;
    if (*comment)
        note_section(s, (struct span){line.p + marker, line.n - marker});
    s->line += s->in_line;
    s->in_line = true;
    s->p = end ? end + 1 : s->end;
    return line;
}

bool scan_line(struct scan *s, struct span *line)
{
    bool comment = true;

    while (comment && s->p < s->end)
        *line = take_line(s, &comment);
    return !comment;
}

struct span scan_token(struct span *rest)
{
    while (rest->n > 0 && is_blank(*rest->p)) {
        rest->p++;
        rest->n--;
    }
    struct span token = {rest->p, 0};
    while (token.n < rest->n && !is_blank(token.p[token.n]))
        token.n++;
    rest->p += token.n;
    rest->n -= token.n;
    return token;
}

static bool number_in_base(struct span digits, unsigned bits, uint64_t *v)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < digits.n; i++) {
        const int digit = digit_of(digits.p[i]);
        if (digit >= 1 << bits || sum >> (64 - bits) != 0)
            return false;
        sum = sum << bits | (uint64_t)digit;
    }
    *v = sum;
    return digits.n > 0;
}

bool scan_number_of(struct span text, uint64_t *v)
{
    if (text.n < 2 || text.p[0] != '0')
        return num_u64(text.p, text.n, v) == NUM_OK;
    const struct span digits = {text.p + 2, text.n - 2};
    switch (text.p[1]) {
    case 'x':
    case 'X':
        return number_in_base(digits, 4, v);
    case 'o':
        return number_in_base(digits, 3, v);
    case 'b':
    case 'B':
        return number_in_base(digits, 1, v);
    default:
        return false;
    }
}
