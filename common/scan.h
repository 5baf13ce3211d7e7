/* Reading text formats in memory: blanks, words, numbers and quoted strings, with the line for
 * messages. Nothing is read past the end. */
#ifndef WEIR_SCAN_H
#define WEIR_SCAN_H

#include "err.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan {
    const char *p, *end;
    uint64_t line;       /* of p, from 1; after scan_line() of what it gave */
    bool in_line;        /* scan_line() has given one */
    const char *name;    /* of the file, for messages */
    const char *comment; /* what starts a comment up to the end of the line; NULL: nothing does */
    struct span section; /* NAME of the last comment passed that was "table NAME" */
    struct err *e;
};

struct scan scan_new(const char *text, size_t n, const char *name, const char *comment,
                     struct err *e);

/* Sets the error to "NAME:LINE: TEXT"; false. */
bool scan_fail(const struct scan *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Skips blanks, line ends and comments. True when something is left. */
bool scan_blank(struct scan *s);

/* After blanks: is the next character c? / moves past it if so / an error if not. */
bool scan_at(struct scan *s, char c);
bool scan_take(struct scan *s, char c);
bool scan_expect(struct scan *s, char c);

/* After blanks: letters, digits, '_', '.' and '$'; n == 0 when there are none. */
struct span scan_word(struct scan *s);

/* After blanks: a number as scan_number_of() takes it. */
bool scan_number(struct scan *s, uint64_t *v);

/* After blanks: a string in double quotes. Escapes of C are resolved into buf (at most size bytes,
 * *n of them); \u is refused. */
bool scan_string(struct scan *s, char *buf, size_t size, size_t *n);

/* Moves past such a string, whatever its escapes. */
bool scan_skip_string(struct scan *s);

/* The next line without its end, comments passed over; false at the end of the text. */
bool scan_line(struct scan *s, struct span *line);

/* Takes the next word up to a blank off the front of *rest; n == 0 when there is none. */
struct span scan_token(struct span *rest);

/* Decimal without leading zeros, 0x, 0b or 0o, as the tools of switches take them. */
bool scan_number_of(struct span text, uint64_t *v);

#endif
