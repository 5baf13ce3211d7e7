/* Tables: CSV (RFC 4180) and TSV with a header line, read a row at a time and written the same way.
 *
 * A tab in the header line means TSV. Both follow the same quoting rules. Columns are addressed by
 * name. A row that has more or fewer fields than the header is an error; so is a name that stands
 * twice in the header. An empty field is a missing value. CRLF line ends and a UTF-8 byte order
 * mark are taken. */
#ifndef WEIR_TABLE_H
#define WEIR_TABLE_H

#include "err.h"
#include "out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum table_format {
    TABLE_AUTO,
    TABLE_CSV,
    TABLE_TSV,
};

/* Text that does not end in NUL. */
struct span {
    const char *p;
    size_t n;
};

struct span span_of(const char *text); /* all of it, without its NUL */
bool span_equal(struct span a, struct span b);
bool span_is(struct span a, const char *text);

enum table_status {
    TABLE_ROW,
    TABLE_END,
    TABLE_BAD, /* *e is set */
};

enum { TABLE_NONE = -1 }; /* no such column */

struct table;

/* Opens a table and reads its header. path NULL or "-": standard input. NULL with *e when it can't
 * be read or has no header. Freed with table_close(). */
struct table *table_open(const char *path, struct err *e);

/* The same on memory, which must stay until table_close(); `name` is for messages. */
struct table *table_open_memory(const void *p, size_t n, const char *name, struct err *e);

/* The same on an open file, from where it stands; table_close() closes it (but standard input). */
struct table *table_open_fd(int fd, const char *name, struct err *e);

/* The same where the first n bytes of the table have been read already. */
struct table *table_open_fd_after(int fd, const void *head, size_t n, const char *name,
                                  struct err *e);
void table_close(struct table *t);

/* Goes back to the first row: memory, or a file that can seek (else false with *e). */
bool table_rewind(struct table *t, struct err *e);

const char *table_path(const struct table *t);         /* "standard input" where it is that */
enum table_format table_format(const struct table *t); /* TABLE_CSV or TABLE_TSV */
size_t table_width(const struct table *t);
const char *table_name(const struct table *t, size_t column);

/* The place of a column, or TABLE_NONE. */
long table_find(const struct table *t, const char *name);

/* The same, but a missing column is an error that names the nearest one. */
bool table_require(const struct table *t, const char *name, size_t *column, struct err *e);

/* Calls call(context) whenever the table is about to read more input, which may take long: a filter
 * writes out by then what it has. The fields of the last row are still valid. */
void table_before_read(struct table *t, void (*call)(void *context), void *context);

/* Reads the next row. Its fields stay valid until the next call. */
enum table_status table_next(struct table *t, struct err *e);
struct span table_field(const struct table *t, size_t column);

/* All fields of the row (table_width() of them). */
const struct span *table_row(const struct table *t);

/* The row's own bytes as they stood in the file, without the line end: to pass a row on as it is.
 * Before the first table_next(), after table_rewind() too, they are the header's. */
struct span table_raw(const struct table *t);

/* The line of the file on which the row begins (the header is line 1), and rows read so far. */
uint64_t table_line(const struct table *t);
uint64_t table_rows(const struct table *t);

/* The field as an integer in [min, max]; false with *e naming file, line, column and value. */
bool table_u64(const struct table *t, size_t column, uint64_t min, uint64_t max, uint64_t *v,
               struct err *e);

/* Sets *e to "FILE:LINE: column 'NAME': 'VALUE' TEXT"; false. */
bool table_fail(const struct table *t, size_t column, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Writing: fields in order, then the row's end. Fields are quoted where they must be. */
struct table_writer;
struct table_writer *table_writer_new(struct out *o, enum table_format format);
void table_writer_free(struct table_writer *w); /* the out stays open */
void table_put(struct table_writer *w, struct span field);

/* Fields that stand as they must already, such as table_raw() of the same format. */
void table_put_raw(struct table_writer *w, struct span fields);
void table_put_text(struct table_writer *w, const char *field);
void table_put_u64(struct table_writer *w, uint64_t v);
void table_end_row(struct table_writer *w);

/* A text as table_put() would write it; for tools that write rows by themselves. Freed by the
 * caller. */
char *table_quoted(const char *text, enum table_format format);

/* The same at p, where there is room for twice the text and 2 bytes; returns the place after it. */
char *table_put_at(char *p, struct span f, enum table_format format);

#endif
