#include "write.h"

#include "feature.h"
#include "mem.h"
#include "row_copy.h"

#include <stdlib.h>
#include <string.h>

enum { TYPICAL_TEXT = 40 }; /* bytes of a field in the summary */

struct writing {
    struct table *t;
    const struct found *found;
    char *const *names;
    const struct options *o;
    struct row_copy rows;
    struct textbuf (*typical)[MOST_TYPICAL]; /* what the typical rows of each cluster say */
};

/* What is said of a row, where the table has it. */
static const enum feature_id told[] = {F_FILE,      F_SRC_IP,       F_DST_IP,  F_DST_PORT,
                                       F_PROTO,     F_APP_PROTOCOL, F_TLS_SNI, F_QUIC_SNI,
                                       F_HTTP_HOST, F_DNS_QNAME,    F_PACKETS, F_BYTES};

static bool check_names(const struct writing *w, struct err *e)
{
    const char *const cluster = feature_at(F_CLUSTER)->name, *const class = w->o->class;

    if (strcmp(class, cluster) == 0)
        return err_set(e, "--class: a column '%s' will be there already", cluster);
    if (table_find(w->t, cluster) != TABLE_NONE)
        return err_set(e, "%s:1: there is a column '%s' already", table_path(w->t), cluster);
    return table_find(w->t, class) == TABLE_NONE ||
           err_set(e, "%s:1: there is a column '%s' already (--class=NAME names the new one)",
                   table_path(w->t), class);
}

/* Whether a character of UTF-8 goes on here. */
static bool goes_on(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Control characters of what a stranger sent stay off the terminal. Of a long text its front, or
 * its end. */
static void put_printable(struct textbuf *to, struct span s, bool end)
{
    size_t from = end && s.n > TYPICAL_TEXT ? s.n - TYPICAL_TEXT : 0;
    size_t till = !end && s.n > TYPICAL_TEXT ? TYPICAL_TEXT : s.n;

    while (from > 0 && from < s.n && goes_on(s.p[from]))
        from++;
    while (till < s.n && till > 0 && goes_on(s.p[till]))
        till--;
    textbuf_put(to, from > 0 ? "…" : "");
    for (size_t i = from; i < till; i++)
        textbuf_char(to, (unsigned char)s.p[i] < ' ' || s.p[i] == 127 ? '?' : s.p[i]);
    textbuf_put(to, till < s.n ? "…" : "");
}

static void tell_row(const struct writing *w, struct textbuf *to)
{
    textbuf_printf(to, "line %llu", (unsigned long long)table_line(w->t));
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *const name = feature_at(told[i])->name;
        const long column = table_find(w->t, name);
        if (column == TABLE_NONE || table_field(w->t, (size_t)column).n == 0)
            continue;
        textbuf_printf(to, " %s=", name);
        /* What tells files apart is at the end of their paths. */
        put_printable(to, table_field(w->t, (size_t)column), told[i] == F_FILE);
    }
}

static void put_row(const struct writing *w, size_t row)
{
    const uint32_t number = w->found->cluster[row];
    const struct cluster *const c = &w->found->all[number];

    row_copy_row(&w->rows, table_raw(w->t));
    table_put_u64(w->rows.writer, number + 1);
    table_put_text(w->rows.writer, w->names[number]);
    table_end_row(w->rows.writer);
    for (size_t i = 0; i < c->n_typical; i++)
        if (c->typical[i] == row)
            tell_row(w, &w->typical[number][i]);
}

static bool put_rows(const struct writing *w, struct err *e)
{
    enum table_status status;
    size_t row = 0;

    if (!table_rewind(w->t, e))
        return false;
    row_copy_header(&w->rows);
    table_put_text(w->rows.writer, feature_at(F_CLUSTER)->name);
    table_put_text(w->rows.writer, w->o->class);
    table_end_row(w->rows.writer);
    while ((status = table_next(w->t, e)) == TABLE_ROW)
        put_row(w, row++);
    return status == TABLE_END;
}

static void summarise(const struct writing *w, size_t rows, struct textbuf *to)
{
    textbuf_put(to, "cluster      rows   share  name\n");
    for (size_t i = 0; i < w->found->n; i++) {
        const struct cluster *const c = &w->found->all[i];
        textbuf_printf(to, "%7zu  %8zu  %.4f  %s\n", i + 1, c->rows, (double)c->rows / (double)rows,
                       w->names[i]);
        for (size_t j = 0; j < c->n_typical; j++)
            textbuf_printf(to, "         %s\n", w->typical[i][j].p);
    }
}

bool write_rows(const struct flows *f, const struct found *found, char *const *names,
                const struct options *o, struct out *out, struct textbuf *summary, struct err *e)
{
    struct writing w = {.t = f->table, .found = found, .names = names, .o = o};

    w.typical = mem_zero(found->n, sizeof *w.typical);
    row_copy_open(&w.rows, f->table, o->shared->format, out);
    const bool ok = check_names(&w, e) && put_rows(&w, e);
    if (ok)
        summarise(&w, f->n, summary);
    row_copy_close(&w.rows);
    for (size_t i = 0; i < found->n; i++)
        for (size_t j = 0; j < MOST_TYPICAL; j++)
            free(w.typical[i][j].p);
    free(w.typical);
    return ok;
}
