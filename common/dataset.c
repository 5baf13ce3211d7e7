#include "dataset.h"

#include "feature.h"
#include "intern.h"
#include "mem.h"
#include "names.h"
#include "num.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

/* A dataset in the making. */
struct loader {
    struct table *t;
    const struct dataset_options *options;
    struct dataset *d;
    struct value_rule rule;
    struct value_counts counts;
    size_t *columns; /* of the table, a feature each */
    uint64_t *limit; /* the largest value allowed, a feature each */
    uint64_t *largest;
    long label;
    struct intern *classes;
    uint64_t *class_rows;
    size_t cap_rows, cap_class_rows;
};

static bool take_column(struct loader *l, const char *name, size_t column, struct err *e)
{
    struct dataset *const d = l->d;
    const struct feature *const f = feature_find(name);
    const bool number = f && f->bits > 0;

    if (d->n_features == MODEL_MAX_FEATURES)
        return err_set(e, "%s:1: more than %d features", table_path(l->t), MODEL_MAX_FEATURES);
    for (size_t i = 0; i < d->n_features; i++)
        if (l->columns[i] == column)
            return err_set(e, "feature '%s' is named twice", name);
    d->features[d->n_features] = (struct model_feature){.name = mem_string(name, strlen(name)),
                                                        .bits = number ? f->bits : 0};
    l->columns[d->n_features] = column;
    l->limit[d->n_features] = number ? f->max : INT64_MAX;
    d->n_features++;
    return true;
}

static bool take_named(void *loader, const char *name, struct err *e)
{
    struct loader *const l = loader;
    size_t column;

    if (!table_require(l->t, name, &column, e))
        return false;
    if ((long)column == l->label)
        return err_set(e, "feature '%s' is the class column", name);
    return take_column(l, name, column, e);
}

static bool check_name(void *loader, const char *name, struct err *e)
{
    size_t column;

    return table_require(((struct loader *)loader)->t, name, &column, e);
}

/* Registered features and all unknown columns, in the table's order. */
static bool take_by_role(struct loader *l, struct err *e)
{
    for (size_t i = 0; i < table_width(l->t); i++) {
        const char *const name = table_name(l->t, i);
        const struct feature *const f = feature_find(name);
        if ((long)i == l->label || (f && f->role != ROLE_FEATURE) ||
            names_have(l->options->drop, name))
            continue;
        if (!take_column(l, name, i, e))
            return false;
    }
    return true;
}

static bool choose_columns(struct loader *l, struct err *e)
{
    const struct dataset_options *const o = l->options;
    const size_t width = table_width(l->t);

    l->columns = mem_zero(width, sizeof *l->columns);
    l->limit = mem_zero(width, sizeof *l->limit);
    l->largest = mem_zero(width, sizeof *l->largest);
    l->d->features = mem_zero(width, sizeof *l->d->features);
    l->label = table_find(l->t, o->label ? o->label : "class");
    size_t unused;
    if (o->label && !table_require(l->t, o->label, &unused, e))
        return false;
    if (o->drop && !names_each(o->drop, check_name, l, e))
        return false;
    if (o->features ? !names_each(o->features, take_named, l, e) : !take_by_role(l, e))
        return false;
    if (l->d->n_features == 0)
        return err_set(e, "%s:1: there is no column that may train (--features=LIST names some)",
                       table_path(l->t));
    l->d->columns = mem_zero(l->d->n_features, sizeof *l->d->columns);
    return true;
}

static void make_room(struct loader *l)
{
    struct dataset *const d = l->d;

    if (d->n_rows < l->cap_rows)
        return;
    l->cap_rows = l->cap_rows ? l->cap_rows + l->cap_rows / 2 : 1024;
    for (size_t i = 0; i < d->n_features; i++)
        d->columns[i] = mem_resize(d->columns[i], l->cap_rows, sizeof **d->columns);
    if (l->label != TABLE_NONE)
        d->labels = mem_resize(d->labels, l->cap_rows, sizeof *d->labels);
}

static bool add_label(struct loader *l, struct err *e)
{
    const size_t column = (size_t)l->label;
    const struct span f = table_field(l->t, column);

    if (f.n == 0)
        return table_fail(l->t, column, e, "is no class: every row needs one");
    for (size_t i = 0; i < f.n; i++)
        if ((unsigned char)f.p[i] < ' ' || f.p[i] == 127)
            return table_fail(l->t, column, e, "has a control character");
    const uint32_t class = intern_add(l->classes, f);
    if (class >= MODEL_MAX_CLASSES)
        return table_fail(l->t, column, e, "is one class more than the %d there may be",
                          MODEL_MAX_CLASSES);
    if (class >= l->cap_class_rows || !l->class_rows) {
        const size_t had = l->cap_class_rows;
        l->class_rows =
            mem_grow(l->class_rows, &l->cap_class_rows, (size_t) class + 1, sizeof *l->class_rows);
        memset(l->class_rows + had, 0, (l->cap_class_rows - had) * sizeof *l->class_rows);
    }
    l->class_rows[class]++;
    l->d->labels[l->d->n_rows] = class;
    return true;
}

/* A text in an unregistered column is most likely an identifier: say how to leave it out. */
static bool explain_text(const struct loader *l, size_t i, struct err *e)
{
    const char *const name = l->d->features[i].name;
    const struct span f = table_field(l->t, l->columns[i]);
    double x;

    if (!feature_find(name) && !l->options->features && num_f64(f.p, f.n, &x) == NUM_SYNTAX)
        return err_set(e,
                       "%s:%llu: column '%s' holds a text ('%.*s'): leave it out with --drop='%s'",
                       table_path(l->t), (unsigned long long)table_line(l->t), name,
                       f.n > 40 ? 40 : (int)f.n, f.p, name);
    return false;
}

static bool above_limit(const struct loader *l, size_t i, struct err *e)
{
    const char *const name = l->d->features[i].name;
    const unsigned long long limit = l->limit[i];

    if (table_field(l->t, l->columns[i]).n == 0)
        return table_fail(l->t, l->columns[i], e,
                          "is missing, and %llu for it is above %llu, the most that '%s' can be",
                          (unsigned long long)l->rule.missing, limit, name);
    return table_fail(l->t, l->columns[i], e, "is above %llu, the most that '%s' can be", limit,
                      name);
}

static bool add_row(struct loader *l, struct err *e)
{
    struct dataset *const d = l->d;

    make_room(l);
    for (size_t i = 0; i < d->n_features; i++) {
        uint64_t v;
        if (!value_read(l->t, l->columns[i], &l->rule, &v, &l->counts, e))
            return explain_text(l, i, e);
        if (v > l->limit[i])
            return above_limit(l, i, e);
        if (v > l->largest[i])
            l->largest[i] = v;
        d->columns[i][d->n_rows] = v;
    }
    if (l->label != TABLE_NONE && !add_label(l, e))
        return false;
    d->n_rows++;
    return true;
}

/* Unregistered columns: the smallest multiple of 8 bits that holds their largest value. */
static void choose_widths(struct loader *l)
{
    for (size_t i = 0; i < l->d->n_features; i++) {
        struct model_feature *const f = &l->d->features[i];
        for (unsigned bits = 8; f->bits == 0; bits += 8)
            if (bits >= 63 || l->largest[i] >> bits == 0)
                f->bits = bits < 63 ? bits : 63;
        f->max = model_feature_max(f->name, f->bits);
    }
}

struct named {
    const char *name;
    uint32_t number;
};

static int compare_named(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* Classes by name, so that their numbers do not depend on the order of the rows. */
static void sort_classes(struct loader *l)
{
    struct dataset *const d = l->d;

    d->n_classes = intern_count(l->classes);
    struct named *const order = mem_alloc(d->n_classes, sizeof *order);
    uint32_t *const rank = mem_alloc(d->n_classes, sizeof *rank);
    for (uint32_t i = 0; i < d->n_classes; i++)
        order[i] = (struct named){intern_text(l->classes, i), i};
    qsort(order, d->n_classes, sizeof *order, compare_named);
    d->classes = mem_zero(d->n_classes, sizeof *d->classes);
    for (uint32_t i = 0; i < d->n_classes; i++) {
        rank[order[i].number] = i;
        d->classes[i] = (struct model_class){mem_string(order[i].name, strlen(order[i].name)),
                                             l->class_rows[order[i].number], 1};
    }
    for (size_t i = 0; d->labels && i < d->n_rows; i++)
        d->labels[i] = rank[d->labels[i]];
    free(order);
    free(rank);
}

static bool load(struct loader *l, struct err *e)
{
    enum table_status status;

    if (!choose_columns(l, e))
        return false;
    while ((status = table_next(l->t, e)) == TABLE_ROW)
        if (!add_row(l, e))
            return false;
    if (status == TABLE_BAD)
        return false;
    if (l->d->n_rows == 0)
        return err_set(e, "%s: has a header and no rows", table_path(l->t));
    choose_widths(l);
    sort_classes(l);
    l->d->rounded = l->counts.rounded;
    l->d->filled = l->counts.filled;
    return true;
}

struct dataset *dataset_load(struct table *t, const struct dataset_options *options, struct err *e)
{
    struct loader l = {
        .t = t,
        .options = options,
        .d = mem_zero(1, sizeof *l.d),
        .rule = {.round = options->round,
                 .has_missing = options->has_missing,
                 .missing = options->missing},
        .classes = intern_new(),
    };

    if (!load(&l, e)) {
        dataset_free(l.d);
        l.d = NULL;
    }
    free(l.columns);
    free(l.limit);
    free(l.largest);
    free(l.class_rows);
    intern_free(l.classes);
    return l.d;
}

void dataset_free(struct dataset *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->n_features; i++) {
        free(d->features[i].name);
        if (d->columns)
            free(d->columns[i]);
    }
    for (size_t i = 0; i < d->n_classes; i++)
        free(d->classes[i].name);
    free(d->features);
    free(d->columns);
    free(d->labels);
    free(d->classes);
    free(d);
}
