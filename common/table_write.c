#include "mem.h"
#include "num.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

struct table_writer {
    struct out *out;
    char delimiter;
    bool row_open; /* a field of this row has been written */
};

struct table_writer *table_writer_new(struct out *o, enum table_format format)
{
    struct table_writer *const w = mem_alloc(1, sizeof *w);

    *w = (struct table_writer){.out = o, .delimiter = format == TABLE_TSV ? '\t' : ','};
    return w;
}

void table_writer_free(struct table_writer *w)
{
    free(w);
}

static void begin_field(struct table_writer *w)
{
    if (w->row_open)
        out_bytes(w->out, &w->delimiter, 1);
    w->row_open = true;
}

static bool needs_quotes(char delimiter, struct span f)
{
    for (size_t i = 0; i < f.n; i++)
        if (f.p[i] == delimiter || f.p[i] == '"' || f.p[i] == '\n' || f.p[i] == '\r')
            return true;
    /* Readers of CSV (libcsv among them) trim blanks around a bare field. */
    return f.n > 0 &&
           (f.p[0] == ' ' || f.p[0] == '\t' || f.p[f.n - 1] == ' ' || f.p[f.n - 1] == '\t');
}

void table_put(struct table_writer *w, struct span f)
{
    begin_field(w);
    if (!needs_quotes(w->delimiter, f)) {
        out_bytes(w->out, f.p, f.n);
        return;
    }
    out_text(w->out, "\"");
    for (const char *p = f.p, *const end = f.p + f.n; p < end;) {
        const char *const quote = memchr(p, '"', (size_t)(end - p));
        const char *const stop = quote ? quote + 1 : end;
        out_bytes(w->out, p, (size_t)(stop - p));
        if (quote)
            out_text(w->out, "\"");
        p = stop;
    }
    out_text(w->out, "\"");
}

void table_put_raw(struct table_writer *w, struct span fields)
{
    begin_field(w);
    out_bytes(w->out, fields.p, fields.n);
}

void table_put_text(struct table_writer *w, const char *field)
{
    table_put(w, span_of(field));
}

void table_put_u64(struct table_writer *w, uint64_t v)
{
    begin_field(w);
    char *const p = out_reserve(w->out, NUM_U64_MAX);
    out_advance(w->out, num_put_u64(p, v));
}

void table_end_row(struct table_writer *w)
{
    out_text(w->out, "\n");
    w->row_open = false;
}

char *table_put_at(char *p, struct span f, enum table_format format)
{
    if (!needs_quotes(format == TABLE_TSV ? '\t' : ',', f)) {
        if (f.n > 0)
            memcpy(p, f.p, f.n);
        return p + f.n;
    }
    *p++ = '"';
    for (size_t i = 0; i < f.n; i++) {
        if (f.p[i] == '"')
            *p++ = '"';
        *p++ = f.p[i];
    }
    *p++ = '"';
    return p;
}

char *table_quoted(const char *text, enum table_format format)
{
    const struct span f = span_of(text);
    char *const quoted = mem_alloc(f.n * 2 + 3, 1); /* at worst every byte is a quote */

    *table_put_at(quoted, f, format) = '\0';
    return quoted;
}
