#include "plan.h"

#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BASIC_LIST = FB_IE_BASIC_LIST, BIFLOW_DIRECTION = 239, COLUMN_MAX = 128 };

struct planner {
    const struct table *t;
    struct plan *p;
    uint32_t pen;
    bool *taken; /* columns that a list has */
    size_t cap, own_cap;
    uint16_t other; /* the next number of a column that the list of mapping.c does not have */
    bool biflow;
};

/* The element in the model, where it is put if it is not there. `about` is what collectors are told
 * of an own one; NULL: it is somebody else's. */
static const fbInfoElement_t *element(struct planner *w, const struct target *t, const char *about)
{
    fbInfoModel_t *const model = w->p->model;
    const fbInfoElement_t *found = fbInfoModelGetElementByID(model, t->id, t->pen);

    if (found)
        return found;
    const bool integer = t->type == FB_UINT_8 || t->type == FB_UINT_16 || t->type == FB_UINT_32 ||
                         t->type == FB_UINT_64 || t->type == FB_INT_8;
    fbInfoElement_t new = FB_IE_INIT_FULL(t->name, t->pen, t->id, t->length,
                                          integer ? FB_IE_F_ENDIAN : 0, 0, 0, t->type, about);
    fbInfoModelAddElement(model, &new);
    found = fbInfoModelGetElementByID(model, t->id, t->pen);
    if (about) {
        w->p->own = mem_grow(w->p->own, &w->own_cap, w->p->n_own + 1, sizeof *w->p->own);
        w->p->own[w->p->n_own++] = found;
    }
    return found;
}

static struct field *add_field(struct planner *w, enum convert convert, size_t n_columns)
{
    struct plan *const p = w->p;

    p->fields = mem_grow(p->fields, &w->cap, p->n + 1, sizeof *p->fields);
    struct field *const f = &p->fields[p->n++];
    *f = (struct field){.convert = convert,
                        .columns = mem_alloc(n_columns, sizeof *f->columns),
                        .n_columns = n_columns};
    return f;
}

/* The largest integer of a column that an element of so many bytes takes. */
static uint64_t largest(const char *column, uint16_t length)
{
    const struct feature *const f = feature_find(column);
    const uint64_t most = length >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * length) - 1;

    return f && f->max && f->max < most ? f->max : most;
}

static void add_column(struct planner *w, size_t column, const struct target *t, const char *about)
{
    const char *const name = table_name(w->t, column);
    struct field *const f = add_field(w, t->convert, 1);

    f->columns[0] = column;
    f->element[0] = element(w, t, about);
    if (t->convert == CONVERT_IP) {
        const struct target ip6 = {0, t->id == 8 ? 27 : 28, CONVERT_IP, 0, 0, NULL};
        f->element[1] = element(w, &ip6, NULL);
    }
    if (t->convert == CONVERT_UINT)
        f->max = largest(name, f->element[0]->len);
    w->biflow |= t->pen == FB_IE_PEN_REVERSE;
}

/* What collectors are told of a column: its name, and what the registry says of it. */
static char *about(const char *column)
{
    const struct feature *const f = feature_find(column);
    char *text;

    if (asprintf(&text, f ? "%s: %s" : "%s", column, f ? f->meaning : NULL) < 0)
        return mem_string(column, strlen(column));
    return text;
}

/* The name of a column's own element; with its number behind it where another has that name: x_y
 * and x.y are weirXY both. */
static char *unique_name(const struct planner *w, const char *column, uint16_t id)
{
    char *const name = mapping_own_name(column);
    char *numbered;

    if (!fbInfoModelGetElementByName(w->p->model, name) ||
        asprintf(&numbered, "%s-%u", name, (unsigned)id) < 0)
        return name;
    free(name);
    return numbered;
}

static bool add_own(struct planner *w, size_t column, struct err *e)
{
    const char *const name = table_name(w->t, column);
    uint16_t id = mapping_own_id(name);

    if (id == 0) {
        if (w->other == MAPPING_OTHERS_END)
            return err_set(e, "%s:1: more than %d columns that Weir does not know",
                           table_path(w->t), MAPPING_OTHERS_END - MAPPING_OTHERS);
        id = w->other++;
    }
    struct target t = mapping_own(name, w->pen, id);
    char *const own_name = unique_name(w, name, id), *const text = about(name);
    t.name = own_name;
    add_column(w, column, &t, text);
    free(own_name);
    free(text);
    return true;
}

static bool add_scalar(struct planner *w, size_t column, struct err *e)
{
    const char *const name = table_name(w->t, column);
    struct target targets[MAPPING_MOST];
    const size_t n = mapping_standard(name, targets);

    for (size_t i = 0; i < n; i++)
        add_column(w, column, &targets[i], NULL);
    return !mapping_is_own(name) || add_own(w, column, e);
}

/* How many columns of the series the table has, without a gap. */
static size_t series_length(const struct table *t, const struct series *s, size_t *columns)
{
    const size_t most = s->count ? s->count : FEATURE_PLACES;

    for (size_t i = 0; i < most; i++) {
        char name[COLUMN_MAX];
        (void)snprintf(name, sizeof name, "%s%zu", s->stem, s->first + i);
        const long found = table_find(t, name);
        if (found == TABLE_NONE)
            return i;
        columns[i] = (size_t)found;
    }
    return most;
}

static void add_series(struct planner *w, const struct series *s)
{
    size_t columns[FEATURE_PLACES];
    const size_t n = series_length(w->t, s, columns);

    if (n == 0 || n < s->count)
        return;
    struct target item = s->item;
    const bool own = item.pen == MAPPING_PEN;
    char what[2 * COLUMN_MAX];
    (void)snprintf(what, sizeof what, "%s%u to %s%zu", s->stem, s->first, s->stem,
                   s->first + n - 1);
    if (own)
        item.pen = w->pen;
    struct field *const f = add_field(w, item.convert, n);
    f->element[0] = fbInfoModelGetElementByID(w->p->model, BASIC_LIST, 0);
    f->item = element(w, &item, own ? what : NULL);
    f->max = item.convert == CONVERT_SIGN ? 1 : largest(table_name(w->t, columns[0]), item.length);
    for (size_t i = 0; i < n; i++) {
        f->columns[i] = columns[i];
        w->taken[columns[i]] = true;
    }
}

struct plan *plan_new(const struct table *t, uint32_t pen, struct err *e)
{
    struct plan *const p = mem_zero(1, sizeof *p);
    struct planner w = {.t = t, .p = p, .pen = pen, .other = MAPPING_OTHERS};
    bool ok = true;

    p->model = fbInfoModelAlloc();
    p->end = table_find(t, "end");
    w.taken = mem_zero(table_width(t), sizeof *w.taken);
    for (size_t i = 0; mapping_series(i); i++)
        add_series(&w, mapping_series(i));
    for (size_t i = 0; i < table_width(t) && ok; i++)
        ok = w.taken[i] || add_scalar(&w, i, e);
    if (w.biflow) {
        struct field *const f = add_field(&w, CONVERT_ONE, 0);
        f->element[0] = fbInfoModelGetElementByID(p->model, BIFLOW_DIRECTION, 0);
    }
    free(w.taken);
    if (ok)
        return p;
    plan_free(p);
    return NULL;
}

void plan_free(struct plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++)
        free(p->fields[i].columns);
    free(p->fields);
    free(p->own);
    fbInfoModelFree(p->model);
    free(p);
}

bool field_may_miss(const struct field *f)
{
    return !f->item && f->convert != CONVERT_STRING && f->convert != CONVERT_ONE;
}

static const char *type_name(const fbInfoElement_t *ie)
{
    static const char *const names[] = {
        "octetArray",
        "unsigned8",
        "unsigned16",
        "unsigned32",
        "unsigned64",
        "signed8",
        "signed16",
        "signed32",
        "signed64",
        "float32",
        "float64",
        "boolean",
        "macAddress",
        "string",
        "dateTimeSeconds",
        "dateTimeMilliseconds",
        "dateTimeMicroseconds",
        "dateTimeNanoseconds",
        "ipv4Address",
        "ipv6Address",
        "basicList",
    };
    return ie->type < sizeof names / sizeof *names ? names[ie->type] : "";
}

static void list_element(const char *column, size_t places, const fbInfoElement_t *ie,
                         struct out *o)
{
    if (places > 1)
        out_printf(o, "%s and on: basicList of %zu\t", column, places);
    else
        out_printf(o, "%s\t", column);
    out_printf(o, "%s\t%u\t%u\t%s\n", ie->ref.name, ie->ent, ie->num, type_name(ie));
}

void plan_list(const struct plan *p, const struct table *t, struct out *o)
{
    out_text(o, "column\telement\tpen\tid\ttype\n");
    for (size_t i = 0; i < p->n; i++) {
        const struct field *const f = &p->fields[i];
        const char *const name = f->n_columns ? table_name(t, f->columns[0]) : "";
        list_element(name, f->n_columns, f->item ? f->item : f->element[0], o);
        if (f->element[1])
            list_element(name, 1, f->element[1], o);
    }
}
