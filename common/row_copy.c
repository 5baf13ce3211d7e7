#include "row_copy.h"

void row_copy_open(struct row_copy *r, const struct table *t, enum table_format format,
                   struct out *out)
{
    const enum table_format as = format == TABLE_AUTO ? table_format(t) : format;

    *r = (struct row_copy){t, table_writer_new(out, as), as == table_format(t)};
}

void row_copy_close(struct row_copy *r)
{
    table_writer_free(r->writer);
}

void row_copy_header(const struct row_copy *r)
{
    if (r->as_read) {
        table_put_raw(r->writer, table_raw(r->table));
        return;
    }
    for (size_t i = 0; i < table_width(r->table); i++)
        table_put_text(r->writer, table_name(r->table, i));
}

void row_copy_row(const struct row_copy *r, struct span raw)
{
    if (r->as_read) {
        table_put_raw(r->writer, raw);
        return;
    }
    for (size_t i = 0; i < table_width(r->table); i++)
        table_put(r->writer, table_field(r->table, i));
}
