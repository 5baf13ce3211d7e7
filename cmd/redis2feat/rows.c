#include "rows.h"

#include "mem.h"
#include "num.h"
#include "textbuf.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS = 64 }; /* that are remembered, the last ones to give a row */

struct run {
    char *name;
    uint64_t last; /* number of its last row */
};

struct rows {
    struct out *out;
    struct table_writer *writer;
    enum table_format wanted, format;
    char *header;        /* as it is written, and read */
    struct table *table; /* the header, for its names; NULL: not known yet */
    bool begun;          /* the header has been written */
    unsigned changes;    /* of the columns */
    struct run runs[RUNS];
    uint64_t gone; /* lost rows that no gap has told of yet */
    struct rows_counts counts;
};

struct rows *rows_new(enum table_format format)
{
    struct rows *const r = mem_zero(1, sizeof *r);
    struct err e;

    r->wanted = r->format = format;
    if (!(r->out = out_open(NULL, &e)))
        die_err(&e);
    return r;
}

void rows_free(struct rows *r)
{
    if (!r)
        return;
    out_abandon(r->out);
    table_writer_free(r->writer);
    table_close(r->table);
    free(r->header);
    for (size_t i = 0; i < RUNS; i++)
        free(r->runs[i].name);
    free(r);
}

size_t rows_width(const struct rows *r)
{
    return r->table ? table_width(r->table) : 0;
}

unsigned rows_changes(const struct rows *r)
{
    return r->changes;
}

struct span rows_name(const struct rows *r, size_t column)
{
    const char *const name = table_name(r->table, column);

    return span_of(name);
}

static bool same_names(const struct table *a, const struct table *b)
{
    if (table_width(a) != table_width(b))
        return false;
    for (size_t i = 0; i < table_width(a); i++)
        if (strcmp(table_name(a, i), table_name(b, i)) != 0)
            return false;
    return true;
}

/* Takes the header and its table, unless rows with other columns have been written. */
static bool take(struct rows *r, char *header, struct table *t, struct err *e)
{
    if (r->begun && same_names(r->table, t)) {
        free(header);
        table_close(t);
        return true;
    }
    if (r->begun) {
        err_set(e, "the columns change from '%.400s' to '%.400s': start again for those", r->header,
                header);
        free(header);
        table_close(t);
        return false;
    }
    r->changes += !r->table || !same_names(r->table, t);
    free(r->header);
    table_close(r->table);
    r->header = header;
    r->table = t;
    r->format = r->wanted == TABLE_AUTO ? table_format(t) : r->wanted;
    return true;
}

bool rows_set_header(struct rows *r, struct span header, struct err *e)
{
    struct table *const t = table_open_memory(header.p, header.n, "the header in Redis", e);
    struct err end;

    if (!t)
        return false;
    if (table_next(t, &end) != TABLE_END) {
        table_close(t);
        return err_set(e, "the header in Redis is more than one line");
    }
    return take(r, mem_string(header.p, header.n), t, e);
}

static void put_name(struct textbuf *to, struct span name, bool first, enum table_format format)
{
    char *const text = mem_string(name.p, name.n);
    char *const quoted = table_quoted(text, format);

    if (!first)
        textbuf_char(to, format == TABLE_TSV ? '\t' : ',');
    textbuf_put(to, quoted);
    free(quoted);
    free(text);
}

bool rows_set_names(struct rows *r, const struct span *names, size_t n, struct err *e)
{
    struct textbuf header = {0};

    for (size_t i = 0; i < n; i++)
        put_name(&header, names[i], i == 0, r->wanted);
    const bool ok = rows_set_header(r, (struct span){header.p, header.n}, e);
    free(header.p);
    return ok;
}

/* The header as it stood, or in the format that was asked for. */
static void begin(struct rows *r)
{
    if (r->begun || !r->table)
        return;
    r->begun = true;
    r->writer = table_writer_new(r->out, r->format);
    if (r->wanted == TABLE_AUTO)
        table_put_raw(r->writer, span_of(r->header));
    else
        for (size_t i = 0; i < table_width(r->table); i++)
            table_put(r->writer, rows_name(r, i));
    table_end_row(r->writer);
}

/* The run of that name at the front of those remembered; a new one takes the oldest's place. */
static struct run *find_run(struct rows *r, struct span name, uint64_t number)
{
    size_t i = 0;

    while (i < RUNS - 1 && r->runs[i].name && !span_is(name, r->runs[i].name))
        i++;
    struct run found = r->runs[i];
    if (!found.name || !span_is(name, found.name)) {
        free(found.name);
        found = (struct run){mem_string(name.p, name.n), number - 1};
    }
    memmove(r->runs + 1, r->runs, i * sizeof *r->runs);
    r->runs[0] = found;
    return &r->runs[0];
}

/* Whether the row is new, by its run and number; those between it and the last one did not come. */
static bool is_new(struct rows *r, const struct row *row)
{
    uint64_t number;

    if (row->again) {
        r->counts.again++;
        return true;
    }
    if (!row->run.p || !row->number.p || num_u64(row->number.p, row->number.n, &number) != NUM_OK ||
        number == 0)
        return true;
    struct run *const run = find_run(r, row->run, number);
    if (number <= run->last) {
        r->counts.twice++;
        return false;
    }
    const uint64_t gap = number - run->last - 1, known = gap < r->gone ? gap : r->gone;
    r->gone -= known;
    r->counts.missing += gap - known;
    run->last = number;
    return true;
}

/* Moves past a field, in quotes, whose value that is; NULL when it is another. */
static const char *pass_quoted(const char *p, const char *end, struct span value)
{
    for (size_t i = 0; i < value.n; i++) {
        if (p == end || *p++ != value.p[i])
            return NULL;
        if (value.p[i] == '"' && (p == end || *p++ != '"'))
            return NULL;
    }
    return p < end && *p == '"' ? p + 1 : NULL;
}

static const char *pass_bare(const char *p, const char *end, struct span value, char delimiter)
{
    const char marks[] = {delimiter, '"', '\n'};

    if ((size_t)(end - p) < value.n || memcmp(p, value.p, value.n) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof marks; i++)
        if (memchr(p, marks[i], value.n))
            return NULL;
    return p + value.n;
}

/* Whether the row as it stood says what its fields say: it comes from a stranger, and goes out
 * without a look at its quotes. */
static bool raw_agrees(const struct rows *r, const struct row *row)
{
    const char delimiter = table_format(r->table) == TABLE_TSV ? '\t' : ',';
    const char *p = row->raw.p;
    const char *const end = p + row->raw.n;

    for (size_t i = 0; i < table_width(r->table); i++) {
        if (i > 0 && (p == end || *p++ != delimiter))
            return false;
        p = p < end && *p == '"' ? pass_quoted(p + 1, end, row->values[i])
                                 : pass_bare(p, end, row->values[i], delimiter);
        if (!p)
            return false;
    }
    return p == end;
}

bool rows_put(struct rows *r, const struct row *row, const char *where, struct err *e)
{
    if (row->raw.p && !raw_agrees(r, row))
        return err_set(e, "%s: its field ':raw' is not the row that its other fields make", where);
    if (!is_new(r, row))
        return true;
    begin(r);
    if (row->raw.p && r->wanted == TABLE_AUTO)
        table_put_raw(r->writer, row->raw);
    else
        for (size_t i = 0; i < table_width(r->table); i++)
            table_put(r->writer, row->values[i]);
    table_end_row(r->writer);
    r->counts.written++;
    return true;
}

void rows_gone(struct rows *r)
{
    r->gone++;
    r->counts.gone++;
}

bool rows_flush(struct rows *r, struct err *e)
{
    if (out_flush(r->out))
        return true;
    struct out *const out = r->out;
    r->out = NULL;
    return out_close(out, e);
}

bool rows_close(struct rows *r, struct err *e)
{
    begin(r);
    struct out *const out = r->out;
    r->out = NULL;
    return out_close(out, e);
}

const struct rows_counts *rows_counts(const struct rows *r)
{
    return &r->counts;
}
