#include "symbols.h"

#include "chain.h"
#include "group.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct table *t;
    size_t column;
    long flow; /* column, or TABLE_NONE */
    uint32_t *flow_of;
    size_t cap, cap_flows;
    struct symbols *s;
};

/* Names are lines of a chain's file. */
static bool is_line(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < ' ' || name.p[i] == 127)
            return false;
    return true;
}

static bool read_row(struct reader *r, struct err *e)
{
    struct symbols *const s = r->s;
    const struct span name = table_field(r->t, r->column);

    if (name.n == 0) {
        s->empty++;
        return true;
    }
    if (s->n == CHAIN_MAX_TOTAL)
        return err_set(e, "%s: more than %lu symbols", table_path(r->t),
                       (unsigned long)CHAIN_MAX_TOTAL);
    const uint32_t symbol = intern_add(s->names, name);
    if (symbol + 1 == intern_count(s->names) && !is_line(name))
        return err_set(e, "%s:%llu: column '%s': a symbol with a control character",
                       table_path(r->t), (unsigned long long)table_line(r->t),
                       table_name(r->t, r->column));
    if (symbol >= CHAIN_MAX_SYMBOLS)
        return table_fail(r->t, r->column, e, "is one more than %d different symbols",
                          CHAIN_MAX_SYMBOLS);
    s->symbol = mem_grow(s->symbol, &r->cap, s->n + 1, sizeof *s->symbol);
    s->symbol[s->n] = symbol;
    if (s->flows) {
        r->flow_of = mem_grow(r->flow_of, &r->cap_flows, s->n + 1, sizeof *r->flow_of);
        r->flow_of[s->n] = intern_add(s->flows, table_field(r->t, (size_t)r->flow));
    }
    s->n++;
    return true;
}

static bool find_columns(struct reader *r, const char *column, struct err *e)
{
    if (!table_require(r->t, column, &r->column, e))
        return false;
    r->flow = table_find(r->t, "flow");
    if (r->flow != TABLE_NONE && (size_t)r->flow != r->column)
        r->s->flows = intern_new();
    return true;
}

static void part_sequences(struct reader *r)
{
    struct symbols *const s = r->s;

    s->n_sequences = s->flows ? intern_count(s->flows) : 1;
    s->first = group_items(r->flow_of, s->n, s->n_sequences);
    s->symbol = group_move(s->symbol, r->flow_of, s->n, sizeof *s->symbol);
}

static bool read_all(struct reader *r, const char *column, struct err *e)
{
    enum table_status status;

    if (!find_columns(r, column, e))
        return false;
    while ((status = table_next(r->t, e)) == TABLE_ROW)
        if (!read_row(r, e))
            return false;
    if (status == TABLE_BAD)
        return false;
    if (r->s->n == 0)
        return err_set(e, "%s: there is no row with a '%s'", table_path(r->t), column);
    part_sequences(r);
    return true;
}

struct symbols *symbols_read(const char *path, const char *column, struct err *e)
{
    struct reader r = {.t = table_open(path, e)};

    if (!r.t)
        return NULL;
    r.s = mem_zero(1, sizeof *r.s);
    r.s->names = intern_new();
    r.s->format = table_format(r.t);
    const bool ok = read_all(&r, column, e);
    table_close(r.t);
    free(r.flow_of);
    if (ok)
        return r.s;
    symbols_free(r.s);
    return NULL;
}

void symbols_free(struct symbols *s)
{
    if (!s)
        return;
    intern_free(s->names);
    intern_free(s->flows);
    free(s->symbol);
    free(s->first);
    free(s);
}
