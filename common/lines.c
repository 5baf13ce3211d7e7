#include "lines.h"

#include "mem.h"
#include "num.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 40 }; /* of a word, in a message */

static int shown(struct span word)
{
    return word.n > SHOWN ? SHOWN : (int)word.n;
}

struct lines lines_new(const char *text, size_t n, const char *name, struct err *e)
{
    return (struct lines){.name = name, .p = text, .end = text + n, .e = e};
}

bool lines_begin(struct lines *l, const char *first, const char *what)
{
    bool cut;

    if (l->p == l->end)
        return err_set(l->e, "%s: is empty (a model begins with '%s')", l->name, first);
    if (lines_next(l, &cut) && !cut && span_is(l->text, first))
        return true;
    const size_t n = strlen(first);
    if (l->text.n == n + 1 && memcmp(l->text.p, first, n) == 0 && l->text.p[n] == '\r')
        return lines_fail(l, "the lines end in CR LF, and those of a model in LF alone");
    return lines_fail(l, "is not %s of version %s (it would begin with '%s')", what,
                      strrchr(first, ' ') + 1, first);
}

bool lines_fail(const struct lines *l, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(l->e, "%s:%llu: %s", l->name, (unsigned long long)l->line, text);
}

bool lines_next(struct lines *l, bool *cut)
{
    *cut = false;
    if (l->p == l->end)
        return false;
    const char *const newline = memchr(l->p, '\n', (size_t)(l->end - l->p));
    *cut = !newline;
    l->line++;
    l->text = (struct span){l->p, (size_t)((newline ? newline : l->end) - l->p)};
    l->p = newline ? newline + 1 : l->end;
    return true;
}

bool lines_expect(struct lines *l, const char *word)
{
    bool cut;

    if (!lines_next(l, &cut))
        return lines_fail(l, "the file ends before its line '%s'", word);
    if (cut)
        return lines_fail(l, "the file ends in the middle of this line");
    const struct span first = lines_word(l);
    if (!span_is(first, word))
        return lines_fail(l, "a line '%s' should stand here, not '%.*s'", word, shown(first),
                          first.p);
    return true;
}

void lines_indent(struct lines *l)
{
    while (l->text.n > 0 && l->text.p[0] == ' ') {
        l->text.p++;
        l->text.n--;
    }
}

struct span lines_word(struct lines *l)
{
    const char *const blank = l->text.n ? memchr(l->text.p, ' ', l->text.n) : NULL;
    const size_t n = blank ? (size_t)(blank - l->text.p) : l->text.n;
    const struct span word = {l->text.p, n};
    const size_t skip = n + (blank ? 1 : 0);

    l->text = (struct span){l->text.p + skip, l->text.n - skip};
    return word;
}

bool lines_u64_of(const struct lines *l, struct span word, const char *what, uint64_t min,
                  uint64_t max, uint64_t *v)
{
    const enum num_status status = num_u64(word.p, word.n, v);

    if (status == NUM_EMPTY)
        return lines_fail(l, "the %s is missing", what);
    if (status == NUM_SYNTAX)
        return lines_fail(l, "%s '%.*s' is not an integer", what, shown(word), word.p);
    if (status == NUM_RANGE || *v < min || *v > max)
        return lines_fail(l, "%s '%.*s' is not in %llu..%llu", what, shown(word), word.p,
                          (unsigned long long)min, (unsigned long long)max);
    return true;
}

bool lines_u64(struct lines *l, const char *what, uint64_t min, uint64_t max, uint64_t *v)
{
    return lines_u64_of(l, lines_word(l), what, min, max, v);
}

bool lines_f64_of(const struct lines *l, struct span word, const char *what, double min, double max,
                  double *v)
{
    const enum num_status status = num_f64(word.p, word.n, v);

    if (status == NUM_EMPTY)
        return lines_fail(l, "the %s is missing", what);
    if (status == NUM_SYNTAX)
        return lines_fail(l, "%s '%.*s' is not a number", what, shown(word), word.p);
    if (status == NUM_RANGE || *v < min || *v > max)
        return lines_fail(l, "%s '%.*s' is not in %g..%g", what, shown(word), word.p, min, max);
    return true;
}

bool lines_f64(struct lines *l, const char *what, double min, double max, double *v)
{
    return lines_f64_of(l, lines_word(l), what, min, max, v);
}

bool lines_sum_to_1(const struct lines *l, const char *what, double *p, size_t n, size_t step)
{
    static const double rounding = 1e-12, tolerance = 1e-6;
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += p[i * step];
    if (!(fabs(sum - 1) <= tolerance))
        return lines_fail(l, "the %s sum to %.9g, not to 1", what, sum);
    if (fabs(sum - 1) > rounding)
        for (size_t i = 0; i < n; i++)
            p[i * step] /= sum;
    return true;
}

bool lines_rest(struct lines *l, const char *what, char **name)
{
    for (size_t i = 0; i < l->text.n; i++)
        if ((unsigned char)l->text.p[i] < ' ' || l->text.p[i] == 127)
            return lines_fail(l, "the %s has a control character", what);
    if (l->text.n == 0)
        return lines_fail(l, "the %s is missing", what);
    free(*name);
    *name = mem_string(l->text.p, l->text.n);
    return true;
}

bool lines_done(const struct lines *l)
{
    if (l->text.n == 0)
        return true;
    return lines_fail(l, "'%.*s' is too much", shown(l->text), l->text.p);
}

const char *lines_f64_text(double v, char text[LINES_F64_MAX])
{
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, LINES_F64_MAX, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    return text;
}

void lines_write_f64(struct out *o, const double *v, size_t n)
{
    char text[LINES_F64_MAX];

    for (size_t i = 0; i < n; i++) {
        out_bytes(o, " ", 1);
        out_text(o, lines_f64_text(v[i], text));
    }
}

/* Nine digits are sure to read back as the same float. */
void lines_write_floats(struct out *o, const char *word, const float *x, size_t n, size_t each)
{
    for (size_t i = 0; i < n; i++) {
        if (i % each == 0)
            out_text(o, word);
        out_printf(o, " %.9g%s", (double)x[i], i % each == each - 1 || i == n - 1 ? "\n" : "");
    }
}

static const double MOST_FLOAT = 1e9;

bool lines_floats_fit(const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)x[i]) <= MOST_FLOAT))
            return false;
    return true;
}

bool lines_floats(struct lines *l, const char *word, size_t n, size_t each, float **x)
{
    size_t cap = 0;

    for (size_t i = 0; i < n;) {
        if (!lines_expect(l, word))
            return false;
        for (size_t k = 0; k < each && i < n; k++, i++) {
            double v;
            if (!lines_f64(l, "number", -MOST_FLOAT, MOST_FLOAT, &v))
                return false;
            *x = mem_grow(*x, &cap, i + 1, sizeof **x);
            (*x)[i] = (float)v;
        }
        if (!lines_done(l))
            return false;
    }
    return true;
}
