#include "packets.h"

#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

struct packets {
    struct table *t;
    const struct options *o;
    size_t flow, time, size, dir;
    long label; /* or TABLE_NONE */
    size_t *kept;
    size_t n_kept, cap_kept;
    uint64_t cut;
};

/* The column of that name, or else one of two that stand by default. */
static bool find(const struct table *t, const char *name, const char *usual, const char *other,
                 const char *option, size_t *column, struct err *e)
{
    if (name)
        return table_require(t, name, column, e);
    long found = table_find(t, usual);
    if (found == TABLE_NONE && other)
        found = table_find(t, other);
    if (found == TABLE_NONE)
        return err_set(e, "%s:1: there is no column '%s'%s%s%s (--%s=COLUMN names it)",
                       table_path(t), usual, other ? " or '" : "", other ? other : "",
                       other ? "'" : "", option);
    *column = (size_t)found;
    return true;
}

static bool find_label(struct packets *p, struct err *e)
{
    size_t column;

    p->label = table_find(p->t, "label");
    if (p->label == TABLE_NONE)
        p->label = table_find(p->t, "class");
    if (!p->o->label)
        return true;
    if (!table_require(p->t, p->o->label, &column, e))
        return false;
    p->label = (long)column;
    return true;
}

static bool find_kept(struct packets *p, struct err *e)
{
    bool ok = true;

    for (const char *s = p->o->pass; ok && s && *s;) {
        const size_t n = strcspn(s, ",");
        char *const name = mem_string(s, n);
        p->kept = mem_grow(p->kept, &p->cap_kept, p->n_kept + 1, sizeof *p->kept);
        ok = table_require(p->t, name, &p->kept[p->n_kept++], e);
        free(name);
        s += n + (s[n] == ',');
    }
    return ok;
}

struct packets *packets_new(struct table *t, const struct options *o, struct err *e)
{
    struct packets *const p = mem_zero(1, sizeof *p);

    p->t = t;
    p->o = o;
    if (find(t, o->flow, "flow", NULL, "flow", &p->flow, e) &&
        find(t, o->time, "time", "ts", "time", &p->time, e) &&
        find(t, o->size, "size", "len", "size", &p->size, e) &&
        find(t, o->dir, "dir", NULL, "dir", &p->dir, e) && find_label(p, e) && find_kept(p, e))
        return p;
    packets_free(p);
    return NULL;
}

void packets_free(struct packets *p)
{
    if (!p)
        return;
    free(p->kept);
    free(p);
}

bool packets_have_label(const struct packets *p)
{
    return p->label != TABLE_NONE;
}

size_t packets_kept(const struct packets *p)
{
    return p->n_kept;
}

size_t packets_kept_column(const struct packets *p, size_t i)
{
    return p->kept[i];
}

uint64_t packets_cut(const struct packets *p)
{
    return p->cut;
}

static bool read_time(struct packets *p, uint64_t *ts, struct err *e)
{
    const struct span f = table_field(p->t, p->time);
    bool cut;

    switch (num_scaled(f.p, f.n, p->o->decimals, ts, &cut)) {
    case NUM_EMPTY:
        return table_fail(p->t, p->time, e, "is empty");
    case NUM_SYNTAX:
        return table_fail(p->t, p->time, e,
                          f.p[0] == '-' ? "is before 0: times count from the epoch, or from any "
                                          "start before the first packet"
                                        : "is no time");
    case NUM_OK:
        p->cut += cut;
        if (*ts <= INT64_MAX)
            return true;
        break;
    case NUM_RANGE:
        break;
    }
    return table_fail(p->t, p->time, e, "is too large (--unit says what times are in)");
}

static bool read_row(struct packets *p, struct packet_row *row, struct err *e)
{
    const struct span dir = table_field(p->t, p->dir);
    uint64_t len;

    *row = (struct packet_row){.flow = table_field(p->t, p->flow), .label = {"", 0}};
    if (row->flow.n == 0)
        return table_fail(p->t, p->flow, e, "is no flow");
    if (!read_time(p, &row->ts, e) || !table_u64(p->t, p->size, 0, UINT16_MAX, &len, e))
        return false;
    row->len = (uint16_t)len;
    row->forward = options_lists(p->o->forward, dir);
    if (!row->forward && !options_lists(p->o->backward, dir))
        return table_fail(p->t, p->dir, e,
                          "is neither a direction of --forward (%s) nor one of --backward (%s)",
                          p->o->forward, p->o->backward);
    if (p->label == TABLE_NONE)
        return true;
    row->label = table_field(p->t, (size_t)p->label);
    return row->label.n > 0 || table_fail(p->t, (size_t)p->label, e, "is no class");
}

enum table_status packets_next(struct packets *p, struct packet_row *row, struct err *e)
{
    const enum table_status status = table_next(p->t, e);

    if (status == TABLE_ROW && !read_row(p, row, e))
        return TABLE_BAD;
    return status;
}
