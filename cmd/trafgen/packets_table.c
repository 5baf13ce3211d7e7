#include "packets_table.h"

#include "intern.h"
#include "mem.h"
#include "num.h"
#include "order.h"
#include "starts.h"

#include <stdlib.h>
#include <string.h>

struct flow {
    uint64_t clock[2]; /* while reading: where its packets stand, by direction or all the first */
    uint64_t packets, left; /* how many it has, and how many are still to come */
    struct made_last last;
};

struct rows {
    size_t n, cap;
    uint64_t *time; /* ns since the epoch, once it is placed */
    uint32_t *flow;
    uint16_t *len;
    uint8_t *dir;
    uint32_t *order; /* of time; NULL: as they are */
    size_t at;
    struct intern *names; /* NULL without a column of flows */
    struct flow *flows;
    uint64_t *starts;
    size_t n_flows, flows_cap;
};

struct reader {
    struct table *t;
    enum time_column kind;
    size_t dir, len, time;
    long flow;
    struct rows *rows;
    struct packets_table_facts *facts;
    char last_name[64]; /* the flow of the previous row, for tables that are in order of flow */
    size_t last_n;
    uint32_t last_flow;
};

static const char *const time_names[] = {
    [TIME_TS] = "ts",
    [TIME_IAT] = "iat",
    [TIME_DIR_IAT] = "dir_iat",
};

static bool find_time(struct reader *r, enum time_column wanted, const struct arrivals *arrivals,
                      struct err *e)
{
    r->kind = wanted;
    for (enum time_column k = TIME_TS; r->kind == TIME_AUTO && k <= TIME_DIR_IAT; k++)
        if (table_find(r->t, time_names[k]) != TABLE_NONE)
            r->kind = k;
    if (r->kind == TIME_AUTO)
        return err_set(e, "%s:1: there is no column that says when: ts, iat or dir_iat",
                       table_path(r->t));
    if (r->kind == TIME_TS && arrivals->given)
        return err_set(e,
                       "%s: its 'ts' says when flows start (--spacing and --arrivals go with "
                       "--time=iat)",
                       table_path(r->t));
    return table_require(r->t, time_names[r->kind], &r->time, e);
}

static bool find_columns(struct reader *r, const struct options *o, struct err *e)
{
    r->flow = table_find(r->t, "flow");
    if (r->flow != TABLE_NONE)
        r->rows->names = intern_new();
    return table_require(r->t, "dir", &r->dir, e) && table_require(r->t, "len", &r->len, e) &&
           find_time(r, o->time, &o->arrivals, e);
}

static uint32_t find_flow(struct reader *r)
{
    if (r->flow == TABLE_NONE)
        return 0;
    const struct span name = table_field(r->t, (size_t)r->flow);
    if (name.n == r->last_n && memcmp(name.p, r->last_name, name.n) == 0)
        return r->last_flow;
    r->last_flow = intern_add(r->rows->names, name);
    r->last_n = name.n <= sizeof r->last_name ? name.n : SIZE_MAX;
    if (name.n <= sizeof r->last_name)
        memcpy(r->last_name, name.p, name.n);
    return r->last_flow;
}

static struct flow *flow_at(struct rows *rows, uint32_t flow)
{
    if (flow >= rows->n_flows) {
        const size_t had = rows->flows_cap;
        rows->flows =
            mem_grow(rows->flows, &rows->flows_cap, (size_t)flow + 1, sizeof *rows->flows);
        memset(rows->flows + had, 0, (rows->flows_cap - had) * sizeof *rows->flows);
        rows->n_flows = (size_t)flow + 1;
    }
    return &rows->flows[flow];
}

static bool read_ts(const struct reader *r, uint64_t *ts, struct err *e)
{
    const struct span f = table_field(r->t, r->time);

    return num_time(f.p, f.n, ts) == NUM_OK ||
           table_fail(r->t, r->time, e, "is not a time in seconds since the epoch");
}

/* Where the current row stands: since the epoch, or on its clock. */
static bool read_time(const struct reader *r, struct flow *f, uint8_t dir, uint64_t *at,
                      struct err *e)
{
    uint64_t iat = 0;

    if (r->kind == TIME_TS) {
        if (!read_ts(r, at, e))
            return false;
        r->facts->backwards += *at < f->clock[0];
        if (*at < f->clock[0])
            *at = f->clock[0];
        f->clock[0] = *at;
        return true;
    }
    if (table_field(r->t, r->time).n > 0 && !table_u64(r->t, r->time, 0, SERIES_MAX_IAT, &iat, e))
        return false;
    uint64_t *const clock = &f->clock[r->kind == TIME_DIR_IAT ? dir : 0];
    if (__builtin_add_overflow(*clock, iat, clock) || *clock > INT64_MAX)
        return table_fail(r->t, r->time, e, "makes the series longer than 292 years");
    *at = *clock;
    return true;
}

static void make_room(struct rows *rows)
{
    if (rows->n < rows->cap)
        return;
    rows->cap = rows->cap ? rows->cap + rows->cap / 2 : 4096;
    rows->time = mem_resize(rows->time, rows->cap, sizeof *rows->time);
    rows->flow = mem_resize(rows->flow, rows->cap, sizeof *rows->flow);
    rows->len = mem_resize(rows->len, rows->cap, sizeof *rows->len);
    rows->dir = mem_resize(rows->dir, rows->cap, sizeof *rows->dir);
}

static bool read_row(struct reader *r, struct err *e)
{
    struct rows *const rows = r->rows;
    uint64_t dir, len, at;

    if (!table_u64(r->t, r->dir, 0, 1, &dir, e) ||
        !table_u64(r->t, r->len, 0, SERIES_MAX_LEN, &len, e))
        return false;
    if (rows->n == SERIES_MOST)
        return err_set(e, "%s: more than %zu packets", table_path(r->t), SERIES_MOST);
    const uint32_t flow = find_flow(r);
    struct flow *const f = flow_at(rows, flow);
    if (!read_time(r, f, (uint8_t)dir, &at, e))
        return false;
    f->packets++;
    make_room(rows);
    rows->time[rows->n] = at;
    rows->flow[rows->n] = flow;
    rows->len[rows->n] = (uint16_t)len;
    rows->dir[rows->n] = (uint8_t)dir;
    rows->n++;
    return true;
}

static bool read_all(struct reader *r, const struct options *o, struct err *e)
{
    enum table_status status;

    if (!find_columns(r, o, e))
        return false;
    while ((status = table_next(r->t, e)) == TABLE_ROW)
        if (!read_row(r, e))
            return false;
    if (status == TABLE_BAD)
        return false;
    return r->rows->n > 0 || err_set(e, "%s: there is no packet", table_path(r->t));
}

/* The earliest time of each flow. */
static uint64_t *earliest(const struct rows *rows)
{
    uint64_t *const least = mem_alloc(rows->n_flows, sizeof *least);

    memset(least, 0xff, rows->n_flows * sizeof *least);
    for (size_t i = 0; i < rows->n; i++)
        if (rows->time[i] < least[rows->flow[i]])
            least[rows->flow[i]] = rows->time[i];
    return least;
}

/* Clocks to times since the epoch. False when a time is past what 64 bits hold. */
static bool place(struct rows *rows, enum time_column kind, const struct options *o)
{
    uint64_t *const least = earliest(rows);
    uint64_t first = UINT64_MAX;
    bool fits = true;

    rows->starts = kind == TIME_TS ? mem_alloc(rows->n_flows, sizeof *rows->starts)
                                   : starts_new(o, rows->n_flows);
    for (size_t f = 0; f < rows->n_flows; f++)
        first = least[f] < first ? least[f] : first;
    for (size_t f = 0; kind == TIME_TS && f < rows->n_flows; f++) {
        const uint64_t from = o->has_start ? o->start : first;
        fits &= !__builtin_add_overflow(least[f] - first, from, &rows->starts[f]);
    }
    for (size_t i = 0; i < rows->n; i++) {
        const uint32_t f = rows->flow[i];
        fits &= !__builtin_add_overflow(rows->time[i] - least[f], rows->starts[f], &rows->time[i]);
    }
    free(least);
    return fits;
}

static void restart(void *self)
{
    struct rows *const rows = self;

    rows->at = 0;
    for (size_t f = 0; f < rows->n_flows; f++) {
        rows->flows[f].left = rows->flows[f].packets;
        rows->flows[f].last = (struct made_last){0};
    }
}

static bool next(void *self, struct made *m)
{
    struct rows *const rows = self;

    if (rows->at == rows->n)
        return false;
    const size_t i = rows->order ? rows->order[rows->at] : rows->at;
    rows->at++;
    *m = (struct made){
        .ts = rows->time[i], .flow = rows->flow[i], .len = rows->len[i], .dir = rows->dir[i]};
    struct flow *const f = &rows->flows[m->flow];
    made_after(m, &f->last);
    m->last = --f->left == 0;
    return true;
}

static uint64_t start(const void *self, size_t flow)
{
    return ((const struct rows *)self)->starts[flow];
}

static const char *name(const void *self, size_t flow)
{
    const struct rows *const rows = self;

    return rows->names ? intern_text(rows->names, (uint32_t)flow) : NULL;
}

static void free_rows(void *self)
{
    struct rows *const rows = self;

    free(rows->time);
    free(rows->flow);
    free(rows->len);
    free(rows->dir);
    free(rows->order);
    free(rows->flows);
    free(rows->starts);
    intern_free(rows->names);
    free(rows);
}

static const struct packets_kind kind = {next, restart, start, name, free_rows};

struct packets *packets_table_read(struct table *t, const struct options *o,
                                   struct packets_table_facts *facts, struct err *e)
{
    struct rows *const rows = mem_zero(1, sizeof *rows);
    struct reader r = {.t = t, .rows = rows, .facts = facts, .last_n = SIZE_MAX};

    bool ok = read_all(&r, o, e);
    if (ok && !place(rows, r.kind, o))
        ok = err_set(e, "%s: the series reaches past the year 2554", table_path(t));
    facts->format = table_format(t);
    table_close(t);
    if (!ok) {
        free_rows(rows);
        return NULL;
    }
    rows->order = order_of(rows->time, r.kind == TIME_DIR_IAT ? rows->dir : NULL, rows->n);
    restart(rows);
    return packets_new(&kind, rows, rows->n_flows, PACKETS_PLAIN);
}
