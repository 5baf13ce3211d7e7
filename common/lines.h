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

/* The first line, which says what the file is: "weir-gmm 1", whole. False with the error, which
 * calls it `what` ("a mixture"). */
bool lines_begin(struct lines *l, const char *first, const char *what);

/* Sets the error to "NAME:LINE: TEXT"; false. */
bool lines_fail(const struct lines *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The next line into l->text; false at the end of the file. Every line ends in a newline: one
 * without it was cut, and *cut says so. */
bool lines_next(struct lines *l, bool *cut);

/* The next line, which is whole and begins with this word; what follows the word is l->text. False
 * with the error. */
bool lines_expect(struct lines *l, const char *word);

/* Moves past the blanks at the front of l->text. */
void lines_indent(struct lines *l);

/* Cuts the next word off l->text; empty when nothing is left. */
struct span lines_word(struct lines *l);

/* The next word, or this one, as an integer in [min, max]. False with the error, which calls it
 * `what`. */
bool lines_u64(struct lines *l, const char *what, uint64_t min, uint64_t max, uint64_t *v);
bool lines_u64_of(const struct lines *l, struct span word, const char *what, uint64_t min,
                  uint64_t max, uint64_t *v);

/* The next word, or this one, as a number in [min, max]. */
bool lines_f64(struct lines *l, const char *what, double min, double max, double *v);
bool lines_f64_of(const struct lines *l, struct span word, const char *what, double min, double max,
                  double *v);

/* Checks that n probabilities, `step` doubles apart, sum to 1 within 1e-6, and scales them to it; a
 * sum that only rounding keeps from 1 is left alone, so that writing what was read changes nothing.
 * False with the error, which calls them `what`. */
bool lines_sum_to_1(const struct lines *l, const char *what, double *p, size_t n, size_t step);

/* The rest of the line, without control characters, in *name, which is freed first: for names,
 * which may hold blanks. False with the error when there is none. */
bool lines_rest(struct lines *l, const char *what, char **name);

/* That nothing is left of the line. */
bool lines_done(const struct lines *l);

/* A double as the shortest text that reads back as the same one. */
enum { LINES_F64_MAX = 32 };
const char *lines_f64_text(double v, char text[LINES_F64_MAX]);

/* Writes a blank and the number, for each. */
void lines_write_f64(struct out *o, const double *v, size_t n);

/* n floats (a network's, say) on lines of `each`, the last of which may be shorter; every line
 * begins with the word. Reading gives *x, to be freed by the caller whatever is returned, which
 * grows as numbers come; false with the error. No number is beyond 1e9, so that sums of products
 * stay finite. */
void lines_write_floats(struct out *o, const char *word, const float *x, size_t n, size_t each);
bool lines_floats(struct lines *l, const char *word, size_t n, size_t each, float **x);

/* Whether all n are numbers that lines_floats() takes: before they are written. */
bool lines_floats_fit(const float *x, size_t n);

#endif
