#include "table.h"

#include "file.h"
#include "intern.h"
#include "mem.h"
#include "num.h"
#include "suggest.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A row is split where it lies in the read buffer. Only a row with a quote in it goes through
 * libcsv, which knows the quoting rules and copies: rows of numbers have no quotes, and there the
 * split runs at memory speed. */

enum {
    BLOCK = 256 * 1024,
    LONGEST_ROW = 64 * 1024 * 1024,
    MOST_COLUMNS = 16384,
    MARKS = 16, /* bytes looked at in one go; as many may be read behind the end of the buffer */
};

struct table {
    char *path;
    int fd;          /* -1: all of the input is in the buffer */
    off_t first_row; /* where the rows begin in the file, if it can seek */
    enum table_format format;
    char delimiter;

    char *buf; /* the unread part is buf[pos..end) */
    size_t cap, pos, end;
    bool at_eof;
    void (*before_read)(void *context);
    void *before_context;

    char **names;
    struct span *fields; /* room for MOST_COLUMNS */
    size_t width;
    struct span raw;
    char *header; /* the header's raw bytes */
    size_t header_n;
    uint64_t line, next_line, rows;
    uint64_t first_line; /* of the rows */

    struct csv_parser csv;
    char *unquoted; /* the fields of a quoted row, one behind the other */
    size_t unquoted_used, unquoted_cap;
    size_t n_unquoted, rows_unquoted;
    bool csv_ready;
};

bool span_equal(struct span a, struct span b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

struct span span_of(const char *text)
{
    return (struct span){text, strlen(text)};
}

bool span_is(struct span a, const char *text)
{
    return span_equal(a, span_of(text));
}

static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

/* Reads on; moves the unread part to the front first and doubles the buffer when it is full. */
static bool fill(struct table *t, struct err *e)
{
    if (t->at_eof)
        return true;
    if (t->before_read)
        t->before_read(t->before_context);
    if (t->pos > 0) {
        memmove(t->buf, t->buf + t->pos, t->end - t->pos);
        t->end -= t->pos;
        t->pos = 0;
    }
    if (t->end == t->cap) {
        if (t->cap >= LONGEST_ROW)
            return err_set(e, "%s:%llu: a row of more than %d bytes", t->path,
                           (unsigned long long)t->next_line, LONGEST_ROW);
        t->cap = t->cap ? 2 * t->cap : BLOCK;
        t->buf = mem_resize(t->buf, t->cap + MARKS, 1);
    }
    ssize_t n;
    do
        n = read(t->fd, t->buf + t->end, t->cap - t->end);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_sys(e, "reading %s", t->path);
    t->end += (size_t)n;
    t->at_eof = n == 0;
    return true;
}

/* Where the row at pos ends (its newline, or the end of the input), reading on as needed. A newline
 * between quotes is part of the row: quotes come in pairs up to the row's end. */
static bool find_row_end(struct table *t, size_t *length, struct err *e)
{
    size_t from = 0, quotes = 0;

    for (;;) {
        const char *const p = t->buf + t->pos;
        const size_t n = t->end - t->pos;
        const char *const newline = n > from ? memchr(p + from, '\n', n - from) : NULL;
        const size_t stop = newline ? (size_t)(newline - p) : n;
        for (const char *q = p + from; stop > from && (q = memchr(q, '"', (size_t)(p + stop - q)));
             q++)
            quotes++;
        from = stop;
        if (newline && quotes % 2 == 0)
            break;
        if (newline) {
            from++;
            continue;
        }
        if (t->at_eof)
            break;
        if (!fill(t, e))
            return false;
    }
    *length = from;
    return quotes % 2 == 0 || err_set(e, "%s:%llu: a quoted field that begins here has no end",
                                      t->path, (unsigned long long)t->next_line);
}

/* Bit i is set where p[i] is a delimiter, a quote or a newline. */
static unsigned marks(const char *p, char delimiter)
{
#ifdef __SSE2__
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i ends =
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(ends, _mm_cmpeq_epi8(v, _mm_set1_epi8(delimiter))));
#else
    unsigned bits = 0;
    for (unsigned i = 0; i < MARKS; i++)
        bits |= (unsigned)(p[i] == delimiter || p[i] == '\n' || p[i] == '"') << i;
    return bits;
#endif
}

enum split_status {
    SPLIT_ROW,    /* t->raw and the fields are set, pos is behind the row */
    SPLIT_QUOTED, /* a quote stands in the row */
    SPLIT_MORE,   /* the buffer ends before the row does */
};

/* Ends a row of n fields, the last of which begins at p. */
static void end_row(struct table *t, const char *p, const char *end, size_t n)
{
    const bool has_newline = end < t->buf + t->end;

    t->raw.p = t->buf + t->pos;
    t->pos = (size_t)(end - t->buf) + has_newline;
    t->next_line += has_newline;
    if (end > t->raw.p && end[-1] == '\r')
        end--;
    t->raw.n = (size_t)(end - t->raw.p);
    if (n <= MOST_COLUMNS)
        t->fields[n - 1] = (struct span){p, (size_t)(end - p)};
}

/* Splits the row at pos where it lies. Counts all its fields, keeps the first MOST_COLUMNS. */
static enum split_status split_plain(struct table *t, size_t *n_fields)
{
    const char *const end = t->buf + t->end, delimiter = t->delimiter;
    const char *field = t->buf + t->pos;
    size_t n = 0;

    for (const char *p = field; p < end; p += MARKS) {
        unsigned found = marks(p, delimiter);
        if (end - p < MARKS)
            found &= (1u << (end - p)) - 1;
        for (; found; found &= found - 1) {
            const char *const q = p + __builtin_ctz(found);
            if (*q == '"')
                return SPLIT_QUOTED;
            if (*q == '\n') {
                *n_fields = n + 1;
                end_row(t, field, q, n + 1);
                return SPLIT_ROW;
            }
            if (n < MOST_COLUMNS)
                t->fields[n] = (struct span){field, (size_t)(q - field)};
            n++;
            field = q + 1;
        }
    }
    if (!t->at_eof)
        return SPLIT_MORE;
    *n_fields = n + 1;
    end_row(t, field, end, n + 1);
    return SPLIT_ROW;
}

/* Reads on until there is a newline behind pos, or all of the input. */
static bool fill_line(struct table *t, struct err *e)
{
    size_t from = t->end - t->pos;

    while (!t->at_eof) {
        if (!fill(t, e))
            return false;
        const size_t n = t->end - t->pos;
        if (n > from && memchr(t->buf + t->pos + from, '\n', n - from))
            break;
        from = n;
    }
    return true;
}

static void on_field(void *text, size_t n, void *table)
{
    struct table *const t = table;

    t->unquoted = mem_grow(t->unquoted, &t->unquoted_cap, t->unquoted_used + n + 1, 1);
    if (n > 0)
        memcpy(t->unquoted + t->unquoted_used, text, n);
    t->unquoted_used += n;
    if (t->n_unquoted < MOST_COLUMNS)
        t->fields[t->n_unquoted].n = n;
    t->n_unquoted++;
}

static void on_row(int c, void *table)
{
    (void)c;
    ((struct table *)table)->rows_unquoted++;
}

static bool split_quoted(struct table *t, struct span row, size_t *n_fields, struct err *e)
{
    if (!t->csv_ready) {
        if (csv_init(&t->csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
            return err_set(e, "libcsv does not start");
        csv_set_space_func(&t->csv, no_space);
        csv_set_delim(&t->csv, (unsigned char)t->delimiter);
        t->csv_ready = true;
    }
    t->unquoted_used = t->n_unquoted = t->rows_unquoted = 0;
    /* Its buffer grows by steps of this size: one will do, and a long field stays linear. */
    csv_set_blk_size(&t->csv, row.n + 1);
    const bool parsed = csv_parse(&t->csv, row.p, row.n, on_field, on_row, t) == row.n &&
                        csv_fini(&t->csv, on_field, on_row, t) == 0;
    /* libcsv takes a lone carriage return for the end of a row. */
    if (!parsed || t->rows_unquoted != 1) {
        err_set(e, "%s:%llu: a %s", t->path, (unsigned long long)t->line,
                parsed ? "carriage return stands where none may (put the field in quotes)"
                       : "quote stands where none may (in a quoted field, write it twice)");
        csv_free(&t->csv);
        t->csv_ready = false;
        return false;
    }
    const char *p = t->unquoted;
    for (size_t i = 0; i < t->n_unquoted && i < MOST_COLUMNS; p += t->fields[i++].n)
        t->fields[i].p = p;
    *n_fields = t->n_unquoted;
    return true;
}

static uint64_t count_newlines(struct span s)
{
    uint64_t n = 0;

    for (const char *p = s.p; (p = memchr(p, '\n', (size_t)(s.p + s.n - p))); p++)
        n++;
    return n;
}

static bool read_quoted(struct table *t, size_t *n_fields, struct err *e)
{
    size_t length;

    if (!find_row_end(t, &length, e))
        return false;
    end_row(t, t->buf + t->pos, t->buf + t->pos + length, 1);
    t->next_line += count_newlines(t->raw);
    return split_quoted(t, t->raw, n_fields, e);
}

/* Splits the next row into fields. TABLE_END at the end of the input. */
static enum table_status read_row(struct table *t, size_t *n_fields, struct err *e)
{
    t->line = t->next_line;
    if (t->pos == t->end && !fill_line(t, e))
        return TABLE_BAD;
    if (t->pos == t->end)
        return TABLE_END;
    enum split_status split = split_plain(t, n_fields);
    if (split == SPLIT_MORE) {
        if (!fill_line(t, e))
            return TABLE_BAD;
        split = split_plain(t, n_fields);
    }
    if (split == SPLIT_QUOTED)
        return read_quoted(t, n_fields, e) ? TABLE_ROW : TABLE_BAD;
    return TABLE_ROW;
}

static bool check_name(const struct table *t, size_t i, struct err *e)
{
    if (!t->names[i][0])
        return err_set(e, "%s:1: column %zu has no name", t->path, i + 1);
    for (const char *p = t->names[i]; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            return err_set(e, "%s:1: the name of column %zu has a control character", t->path,
                           i + 1);
    return true;
}

static bool check_names(const struct table *t, struct err *e)
{
    struct intern *const seen = intern_new();
    bool ok = true;

    for (size_t i = 0; i < t->width && ok; i++) {
        const struct span name = span_of(t->names[i]);
        ok = check_name(t, i, e);
        if (ok && intern_add(seen, name) != i)
            ok = err_set(e, "%s:1: column '%s' stands twice in the header", t->path, t->names[i]);
    }
    intern_free(seen);
    return ok;
}

static bool read_header(struct table *t, struct err *e)
{
    size_t n, length;

    if (!find_row_end(t, &length, e))
        return false;
    if (length >= 3 && memcmp(t->buf + t->pos, "\xef\xbb\xbf", 3) == 0) {
        t->pos += 3;
        length -= 3;
    }
    t->format = length && memchr(t->buf + t->pos, '\t', length) ? TABLE_TSV : TABLE_CSV;
    t->delimiter = t->format == TABLE_TSV ? '\t' : ',';
    const enum table_status status = read_row(t, &n, e);
    if (status == TABLE_BAD)
        return false;
    if (status == TABLE_END || t->raw.n == 0)
        return err_set(e, "%s: is empty (a table begins with a header line)", t->path);
    if (memchr(t->raw.p, '\0', t->raw.n))
        return err_set(e, "%s:1: is not text (a table is CSV or TSV)", t->path);
    if (n > MOST_COLUMNS)
        return err_set(e, "%s:1: more than %d columns", t->path, MOST_COLUMNS);
    if (n == 1 && t->raw.p[0] != '"' && memchr(t->raw.p, ';', t->raw.n))
        return err_set(e, "%s:1: ';' between columns (a table is CSV, with ',', or TSV)", t->path);
    t->names = mem_zero(n, sizeof *t->names);
    t->width = n;
    for (size_t i = 0; i < n; i++)
        t->names[i] = mem_string(t->fields[i].p, t->fields[i].n);
    t->first_row += (off_t)t->pos;
    t->first_line = t->next_line;
    t->header = mem_string(t->raw.p, t->raw.n);
    t->header_n = t->raw.n;
    return check_names(t, e);
}

static struct table *table_new(const char *name)
{
    struct table *const t = mem_zero(1, sizeof *t);

    t->path = mem_string(name, strlen(name));
    t->fd = -1;
    t->next_line = 1;
    t->fields = mem_alloc(MOST_COLUMNS, sizeof *t->fields);
    return t;
}

struct table *table_open(const char *path, struct err *e)
{
    if (file_is_standard(path))
        return table_open_fd(STDIN_FILENO, "standard input", e);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        err_sys(e, "%s", path);
        return NULL;
    }
    return table_open_fd(fd, path, e);
}

struct table *table_open_fd(int fd, const char *name, struct err *e)
{
    return table_open_fd_after(fd, NULL, 0, name, e);
}

struct table *table_open_fd_after(int fd, const void *head, size_t n, const char *name,
                                  struct err *e)
{
    struct table *const t = table_new(name);
    const off_t at = lseek(fd, 0, SEEK_CUR);

    t->fd = fd;
    t->first_row = at < (off_t)n ? 0 : at - (off_t)n;
    if (n > 0) {
        t->cap = n > BLOCK ? n : BLOCK;
        t->buf = mem_alloc(t->cap + MARKS, 1);
        memcpy(t->buf, head, n);
        t->end = n;
    }
    if (read_header(t, e))
        return t;
    table_close(t);
    return NULL;
}

bool table_rewind(struct table *t, struct err *e)
{
    if (t->fd < 0) {
        t->pos = (size_t)t->first_row;
    } else {
        if (lseek(t->fd, t->first_row, SEEK_SET) < 0)
            return err_sys(e, "reading %s again", t->path);
        t->pos = t->end = 0;
        t->at_eof = false;
    }
    t->next_line = t->first_line;
    t->rows = 0;
    t->raw = (struct span){t->header, t->header_n};
    return true;
}

struct table *table_open_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct table *const t = table_new(name);

    t->buf = mem_alloc(n + MARKS, 1);
    if (n > 0)
        memcpy(t->buf, p, n);
    t->end = n;
    t->at_eof = true;
    if (read_header(t, e))
        return t;
    table_close(t);
    return NULL;
}

void table_close(struct table *t)
{
    if (!t)
        return;
    if (t->fd > STDIN_FILENO)
        (void)close(t->fd);
    if (t->csv_ready)
        csv_free(&t->csv);
    for (size_t i = 0; t->names && i < t->width; i++)
        free(t->names[i]);
    free(t->names);
    free(t->header);
    free(t->fields);
    free(t->unquoted);
    free(t->buf);
    free(t->path);
    free(t);
}

void table_before_read(struct table *t, void (*call)(void *context), void *context)
{
    t->before_read = call;
    t->before_context = context;
}

enum table_status table_next(struct table *t, struct err *e)
{
    size_t n;
    const enum table_status status = read_row(t, &n, e);

    if (status != TABLE_ROW)
        return status;
    if (n != t->width && t->raw.n == 0) {
        err_set(e, "%s:%llu: the line is empty, and the header has %zu fields", t->path,
                (unsigned long long)t->line, t->width);
        return TABLE_BAD;
    }
    if (n != t->width) {
        err_set(e, "%s:%llu: the row has %zu field%s, the header has %zu", t->path,
                (unsigned long long)t->line, n, n == 1 ? "" : "s", t->width);
        return TABLE_BAD;
    }
    t->rows++;
    return TABLE_ROW;
}

const char *table_path(const struct table *t)
{
    return t->path;
}

enum table_format table_format(const struct table *t)
{
    return t->format;
}

size_t table_width(const struct table *t)
{
    return t->width;
}

const char *table_name(const struct table *t, size_t column)
{
    return t->names[column];
}

long table_find(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->width; i++)
        if (strcmp(t->names[i], name) == 0)
            return (long)i;
    return TABLE_NONE;
}

bool table_require(const struct table *t, const char *name, size_t *column, struct err *e)
{
    const long i = table_find(t, name);
    struct suggest near = {0};
    char text[128];

    if (i != TABLE_NONE) {
        *column = (size_t)i;
        return true;
    }
    for (size_t j = 0; j < t->width; j++)
        suggest_offer(&near, name, t->names[j]);
    return err_set(e, "%s:1: there is no column '%s'%s", t->path, name,
                   suggest_text(&near, text, sizeof text));
}

struct span table_field(const struct table *t, size_t column)
{
    return t->fields[column];
}

const struct span *table_row(const struct table *t)
{
    return t->fields;
}

struct span table_raw(const struct table *t)
{
    return t->raw;
}

uint64_t table_line(const struct table *t)
{
    return t->line;
}

uint64_t table_rows(const struct table *t)
{
    return t->rows;
}

bool table_fail(const struct table *t, size_t column, struct err *e, const char *fmt, ...)
{
    const struct span f = t->fields[column];
    const int shown = f.n > 40 ? 40 : (int)f.n;
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(e, "%s:%llu: column '%s': '%.*s%s' %s", t->path, (unsigned long long)t->line,
                   t->names[column], shown, f.p, f.n > 40 ? "…" : "", text);
}

bool table_u64(const struct table *t, size_t column, uint64_t min, uint64_t max, uint64_t *v,
               struct err *e)
{
    const struct span f = t->fields[column];
    const enum num_status status = num_u64(f.p, f.n, v);

    if (status == NUM_OK && *v >= min && *v <= max)
        return true;
    if (status == NUM_OK || status == NUM_RANGE)
        return table_fail(t, column, e, "is not in %llu..%llu", (unsigned long long)min,
                          (unsigned long long)max);
    return table_fail(t, column, e, "%s", num_reason_u64(status));
}
