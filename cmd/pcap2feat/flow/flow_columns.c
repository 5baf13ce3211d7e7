#include "flow_columns.h"

#include "../columns.h"
#include "flow_value.h"
#include "mem.h"
#include "suggest.h"

#include <stdlib.h>
#include <string.h>

struct chosen {
    enum feature_id id;
    unsigned number; /* N, 0 without one */
    put_fn *put;
    struct of of;
};

struct flow_columns {
    struct chosen *all;
    size_t n, cap;
    unsigned needs;
    uint64_t facts;
    char delimiter;
};

static bool no_such_column(const char *name, struct err *e)
{
    struct suggest near = {0};
    char text[128];

    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (flow_value((enum feature_id)i))
            suggest_offer(&near, name, feature_at((enum feature_id)i)->name);
    return err_set(e, "there is no flow column '%s'%s", name,
                   suggest_text(&near, text, sizeof text));
}

/* Whether this program can fill the column. */
static bool can_tell(enum feature_id id)
{
    return !(flow_value(id)->parts & 1U << PART_FACTS) || facts_can(id);
}

static bool stands(const struct flow_columns *c, enum feature_id id, unsigned number)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->all[i].id == id && c->all[i].number == number)
            return true;
    return false;
}

static bool add_column(struct flow_columns *c, const char *name, unsigned places, struct err *e)
{
    const struct feature *const f = feature_find(name);

    const struct flow_value *const value = f ? flow_value(feature_id(f)) : NULL;

    if (!value)
        return no_such_column(name, e);
    const enum feature_id id = feature_id(f);
    const unsigned number = feature_numbered(id) ? feature_number(name) : 0;
    if (!can_tell(id))
        return err_set(e,
                       "column '%s' needs libcrypto, which this program was built without: "
                       "install libssl-dev and build again",
                       name);
    if (stands(c, id, number))
        return err_set(e, "column '%s' stands twice", name);
    if (number > places)
        return err_set(e, "column '%s' needs --first-packets=%u or more", name, number);
    c->all = mem_grow(c->all, &c->cap, c->n + 1, sizeof *c->all);
    struct of of = value->of;
    if (number > 0)
        of.arg = number - 1;
    c->all[c->n++] = (struct chosen){id, number, value->put, of};
    c->needs |= value->parts;
    if (value->parts & 1U << PART_FACTS)
        c->facts |= fact_bit(id);
    return true;
}

struct flow_columns *flow_columns_new(const char *list, unsigned places, enum table_format format,
                                      struct err *e)
{
    struct flow_columns *const c = mem_zero(1, sizeof *c);

    c->delimiter = format == TABLE_TSV ? '\t' : ',';
    for (const char *p = list;; p++) {
        const size_t n = strcspn(p, ",");
        char *const name = mem_string(p, n);
        const bool ok = add_column(c, name, places, e);
        free(name);
        if (!ok) {
            flow_columns_free(c);
            return NULL;
        }
        p += n;
        if (!*p)
            return c;
    }
}

void flow_columns_free(struct flow_columns *c)
{
    if (!c)
        return;
    free(c->all);
    free(c);
}

bool flow_columns_have(const struct flow_columns *c, enum feature_id id)
{
    return stands(c, id, 0);
}

unsigned flow_columns_need(const struct flow_columns *c)
{
    return c->needs;
}

uint64_t flow_columns_facts(const struct flow_columns *c)
{
    return c->facts;
}

/* The name of a column: a number stands in place of its N. */
static void put_name(struct textbuf *t, enum feature_id id, unsigned number)
{
    const char *const name = feature_at(id)->name;

    if (t->n > 0)
        textbuf_char(t, ',');
    if (number == 0)
        textbuf_put(t, name);
    else
        textbuf_printf(t, "%.*s%u", (int)strlen(name) - 1, name, number);
}

/* The columns from first to last, the class apart. */
static void put_names(struct textbuf *t, enum feature_id first, enum feature_id last,
                      unsigned extra)
{
    for (unsigned i = first; i <= last; i++)
        if (flow_value((enum feature_id)i) && i != F_CLASS && can_tell((enum feature_id)i) &&
            !columns_apart((enum feature_id)i, extra))
            put_name(t, (enum feature_id)i, 0);
}

/* Those that only some runs have, the class apart. */
static void put_extra(struct textbuf *t, unsigned extra)
{
    if (extra & COLUMN_CONTEXT)
        put_names(t, F_HOST_FLOWS, F_HOST_REPEAT_GAP_STD, extra);
    if (extra & COLUMN_FILTERS)
        put_name(t, F_FILTERS, 0);
    if (extra & COLUMN_TAG)
        put_name(t, F_TAG, 0);
}

static char *names_end(struct textbuf *t, enum feature_id last, unsigned places, unsigned extra)
{
    for (unsigned i = F_LEN_N; i <= last; i++)
        for (unsigned number = 1; number <= places; number++)
            put_name(t, (enum feature_id)i, number);
    if (extra & COLUMN_CLASS)
        put_name(t, F_CLASS, 0);
    return t->p;
}

char *flow_columns_all(unsigned places, unsigned extra)
{
    struct textbuf t = {0};

    put_names(&t, 0, F_LEN_N - 1, extra);
    return names_end(&t, F_TCP_FLAGS_N, places, extra);
}

char *flow_columns_default(unsigned places, unsigned extra)
{
    struct textbuf t = {0};

    textbuf_put(&t, "flow,start,end,src_ip,dst_ip,src_port,dst_port,proto");
    put_names(&t, F_PACKETS, F_BWD_DSCP_FIRST, extra);
    put_extra(&t, extra);
    return names_end(&t, F_DIR_N, places, extra);
}

/* A name of a list; one that ends in _N for all its places. */
static void put_listed(struct textbuf *t, const char *name, size_t n, unsigned places)
{
    const bool numbered = n > 2 && strncmp(name + n - 2, "_N", 2) == 0;

    for (unsigned number = 1; number <= (numbered ? places : 1); number++) {
        if (t->n > 0)
            textbuf_char(t, ',');
        if (numbered)
            textbuf_printf(t, "%.*s%u", (int)n - 1, name, number);
        else
            textbuf_printf(t, "%.*s", (int)n, name);
    }
}

char *flow_columns_listed(const char *list, const char *more, unsigned places, unsigned extra)
{
    struct textbuf t = {0};

    for (const char *p = list; *p; p += *p == ',') {
        const size_t n = strcspn(p, ",");
        put_listed(&t, p, n, places);
        p += n;
    }
    if (more)
        put_listed(&t, more, strlen(more), 0);
    put_extra(&t, extra);
    if (extra & COLUMN_CLASS)
        put_name(&t, F_CLASS, 0);
    return t.p;
}

void flow_columns_header(const struct flow_columns *c, struct out *o)
{
    struct textbuf t = {0};

    for (size_t i = 0; i < c->n; i++) {
        t.n = 0;
        put_name(&t, c->all[i].id, c->all[i].number);
        if (i > 0)
            out_bytes(o, &c->delimiter, 1);
        out_text(o, t.p);
    }
    out_text(o, "\n");
    free(t.p);
}

void flow_columns_row(const struct flow_columns *c, const struct flow_view *v, struct textbuf *t)
{
    const size_t most = c->n * (VALUE_MAX + 1) + v->file.n + v->class.n + v->tag.n +
                        v->facts_bytes + named_room(v->named);

    t->p = mem_grow(t->p, &t->cap, t->n + most, 1);
    char *p = t->p + t->n;
    for (size_t i = 0; i < c->n; i++) {
        p = c->all[i].put(p, v, c->all[i].of);
        *p++ = c->delimiter;
    }
    p[-1] = '\n';
    t->n = (size_t)(p - t->p);
}
