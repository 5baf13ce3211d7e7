/* Model files, a line at a time out of memory: words parted by one blank, numbers in a range, and a
 * name at the end of a line. Whatever is wrong is said with its line. */
#ifndef WEIR_LINES_H
#define WEIR_LINES_H

#include "err.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
    const char *name; /* of the file */
    const char *p, *end;
    uint64_t line;    /* of `text`, from 1; 0 before the first */
    struct span text; /* what is left of the line */
    struct err *e;
};

/* The text and the name must stay. */
struct lines lines_new(const char *text, size_t n, const char *name, struct err *e);

/* Sets the error to "NAME:LINE: TEXT"; false. */
bool lines_fail(const struct lines *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The next line into l->text; false at the end of the file. Every line ends in a newline: one
 * without it was cut, and *cut says so. */
bool lines_next(struct lines *l, bool *cut);

/* Moves past the blanks at the front of l->text. */
void lines_indent(struct lines *l);

/* Cuts the next word off l->text; empty when nothing is left. */
struct span lines_word(struct lines *l);

/* The next word, or this one, as an integer in [min, max]. False with the error, which calls it
 * `what`. */
bool lines_u64(struct lines *l, const char *what, uint64_t min, uint64_t max, uint64_t *v);
bool lines_u64_of(const struct lines *l, struct span word, const char *what, uint64_t min,
                  uint64_t max, uint64_t *v);

/* The next word as a number in [min, max]. */
bool lines_f64(struct lines *l, const char *what, double min, double max, double *v);

/* The rest of the line, without control characters, in *name, which is freed first: for names,
 * which may hold blanks. False with the error when there is none. */
bool lines_rest(struct lines *l, const char *what, char **name);

/* That nothing is left of the line. */
bool lines_done(const struct lines *l);

/* A double as the shortest text that reads back as the same one. */
enum { LINES_F64_MAX = 32 };
const char *lines_f64_text(double v, char text[LINES_F64_MAX]);

#endif
