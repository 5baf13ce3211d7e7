#include "samples.h"

#include "assign.h"
#include "class_map.h"
#include "cnn_input.h"
#include "feature.h"
#include "grouping.h"
#include "intern.h"
#include "mem.h"
#include "num.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Samples in the making. */
struct loader {
    struct samples *s;
    struct table *t;
    struct cnn *m;
    const struct options *o;
    size_t label;
    struct class_map *categories;
    struct cnn_input *input;
    struct grouping *grouping;
    struct groups *groups;
    struct intern *classes; /* those of the model first */
    uint32_t *group;        /* of each row */
    size_t cap;
};

static void make_room(struct loader *l)
{
    struct samples *const s = l->s;

    if (s->n < l->cap)
        return;
    l->cap = l->cap ? l->cap + l->cap / 2 : 1024;
    s->in = mem_resize(s->in, l->cap * s->in_each, sizeof *s->in);
    s->stats = mem_resize(s->stats, l->cap * l->m->n_stats, sizeof *s->stats);
    s->class = mem_resize(s->class, l->cap, sizeof *s->class);
    l->group = mem_resize(l->group, l->cap, sizeof *l->group);
}

static bool has_control(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < ' ' || name.p[i] == 127)
            return true;
    return false;
}

/* A text in a column that Weir does not know is most likely an identifier: how to leave it out. */
static bool explain_text(const struct loader *l, struct err *e)
{
    for (size_t i = 0; i < table_width(l->t); i++) {
        const struct span f = table_field(l->t, i);
        const char *const name = table_name(l->t, i);
        double x;
        if (i != l->label && !feature_find(name) && !l->o->features && !l->o->init && f.n > 0 &&
            num_f64(f.p, f.n, &x) == NUM_SYNTAX)
            return err_set(
                e, "%s:%llu: column '%s' holds a text ('%.*s'): leave it out with --drop='%s'",
                table_path(l->t), (unsigned long long)table_line(l->t), name,
                f.n > 40 ? 40 : (int)f.n, f.p, name);
    }
    return false;
}

static bool add_row(struct loader *l, struct err *e)
{
    struct samples *const s = l->s;
    const uint64_t row = table_rows(l->t);
    struct span name;

    if (!class_map_get(l->categories, l->t, l->label, &name, e))
        return false;
    if (span_is(name, CNN_OTHER)) {
        s->others++;
        return true;
    }
    if (has_control(name))
        return table_fail(l->t, l->label, e, "has a control character");
    make_room(l);
    const uint32_t class = intern_add(l->classes, name);
    if (class >= CNN_MOST_CLASSES)
        return table_fail(l->t, l->label, e, "is one class more than the %d there may be",
                          CNN_MOST_CLASSES);
    if (!cnn_input_get(l->input, l->t, s->in + s->n * s->in_each, s->stats + s->n * l->m->n_stats,
                       e))
        return explain_text(l, e);
    const struct hash128 key = grouping_by(l->grouping) == BY_ROW ? hash128(&row, sizeof row)
                                                                  : grouping_key(l->grouping, l->t);
    if (!groups_add(l->groups, key, class, 0, 0, e))
        return false;
    l->group[s->n] = index_find(l->groups->keys, key);
    s->class[s->n++] = class;
    return true;
}

static bool read_rows(struct loader *l, struct err *e)
{
    enum table_status status;

    while ((status = table_next(l->t, e)) == TABLE_ROW)
        if (!add_row(l, e))
            return false;
    if (status == TABLE_BAD)
        return false;
    if (l->s->n == 0)
        return err_set(e, "%s: has no rows to train on%s", table_path(l->t),
                       l->s->others ? " but those of the category '" CNN_OTHER "'" : "");
    return true;
}

struct named {
    const char *name;
    uint32_t number;
};

static int compare_named(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* New classes follow by name, so that their numbers do not depend on the order of rows. Gives each
 * number so far its new one. */
static uint32_t *rank_classes(struct loader *l)
{
    const size_t n = intern_count(l->classes), old = l->m->n_classes;
    struct named *const order = mem_alloc(n, sizeof *order);
    uint32_t *const rank = mem_alloc(n, sizeof *rank);
    struct cnn *const m = l->m;

    for (uint32_t i = 0; i < n; i++)
        order[i] = (struct named){intern_text(l->classes, i), i};
    qsort(order + old, n - old, sizeof *order, compare_named);
    m->classes = mem_resize(m->classes, n, sizeof *m->classes);
    for (uint32_t i = 0; i < n; i++) {
        rank[order[i].number] = i;
        if (i >= old)
            m->classes[i].name = mem_string(order[i].name, strlen(order[i].name));
        m->classes[i].rows = 0;
        m->classes[i].weight = 1;
    }
    m->n_classes = n;
    free(order);
    return rank;
}

/* Each class is parted by its groups. */
static bool part_rows(struct loader *l, const uint32_t *rank, struct err *e)
{
    struct samples *const s = l->s;
    const double share = l->o->validation;
    const struct shares shares = {.n = 2, .part = {1 - share, share}};

    groups_settle(l->groups, rank);
    if (share > 0)
        assign_groups(l->groups, rank, &shares, l->o->shared->seed);
    s->train = mem_alloc(s->n, sizeof *s->train);
    s->valid = mem_alloc(s->n, sizeof *s->valid);
    for (uint32_t i = 0; i < s->n; i++) {
        s->class[i] = rank[s->class[i]];
        if (share > 0 && l->groups->all[l->group[i]].part == TEST) {
            s->valid[s->n_valid++] = i;
            continue;
        }
        s->train[s->n_train++] = i;
        l->m->classes[s->class[i]].rows++;
    }
    l->m->rows = s->n_train;
    if (s->n_train > 0 && (s->n_valid > 0 || share == 0))
        return true;
    return err_set(e,
                   "%s: all rows stay together, and none are left to say when to stop: --by=row "
                   "or --validation=0",
                   table_path(l->t));
}

static bool load(struct loader *l, struct err *e)
{
    const struct options *const o = l->o;

    if (!table_require(l->t, o->label, &l->label, e))
        return false;
    if (o->categories && !(l->categories = class_map_read(o->categories, e)))
        return false;
    l->input = cnn_input_new(l->t, l->m, e);
    l->grouping = l->input ? grouping_new(l->t, o->by, false, o->label, e) : NULL;
    if (!l->grouping)
        return false;
    for (size_t i = 0; i < l->m->n_classes; i++)
        intern_add(l->classes, (struct span){l->m->classes[i].name, strlen(l->m->classes[i].name)});
    if (!read_rows(l, e))
        return false;
    uint32_t *const rank = rank_classes(l);
    const bool ok = part_rows(l, rank, e);
    free(rank);
    return ok;
}

bool samples_read(struct samples *s, struct table *t, struct cnn *m, const struct options *o,
                  struct err *e)
{
    struct loader l = {
        .s = s, .t = t, .m = m, .o = o, .groups = groups_new(), .classes = intern_new()};

    *s = (struct samples){.in_each = m->places * (1 + (size_t)__builtin_popcount(m->sequences))};
    const bool ok = load(&l, e);
    class_map_free(l.categories);
    cnn_input_free(l.input);
    grouping_free(l.grouping);
    groups_free(l.groups);
    intern_free(l.classes);
    free(l.group);
    return ok;
}

void samples_free(struct samples *s)
{
    free(s->in);
    free(s->stats);
    free(s->extra);
    free(s->class);
    free(s->train);
    free(s->valid);
}

/* The mean, the deviation and the skewness of a statistic on its scale. */
static void moments(const struct samples *s, const struct cnn *m, size_t stat, double to[3])
{
    double n = 0, sum = 0, second = 0, third = 0;

    for (size_t i = 0; i < s->n_train; i++) {
        const double x = s->stats[s->train[i] * m->n_stats + stat];
        if (isnan(x))
            continue;
        sum += cnn_stat_scaled(&m->stats[stat], x);
        n++;
    }
    const double mean = n > 0 ? sum / n : 0;
    for (size_t i = 0; i < s->n_train; i++) {
        const double x = s->stats[s->train[i] * m->n_stats + stat];
        const double off = isnan(x) ? 0 : cnn_stat_scaled(&m->stats[stat], x) - mean;
        second += off * off;
        third += off * off * off;
    }
    to[0] = mean;
    to[1] = n > 0 ? sqrt(second / n) : 0;
    to[2] = to[1] > 0 ? third / n / (to[1] * to[1] * to[1]) : 0;
}

void samples_scale(const struct samples *s, struct cnn *m)
{
    static const double long_tail = 1, least_deviation = 1e-9;

    for (size_t k = 0; k < m->n_stats; k++) {
        struct cnn_stat *const stat = &m->stats[k];
        bool negative = false;
        double found[3];
        for (size_t i = 0; i < s->n_train; i++) {
            const double x = s->stats[s->train[i] * m->n_stats + k];
            stat->flag |= isnan(x);
            negative |= x < 0;
        }
        moments(s, m, k, found);
        if (!negative && found[2] > long_tail) {
            stat->log = true;
            moments(s, m, k, found);
        }
        stat->mean = found[0];
        /* One that never changes says nothing: it is left near 0. */
        stat->deviation = found[1] > least_deviation * fabs(found[0]) && found[1] > 0
                              ? found[1]
                              : fmax(fabs(found[0]), 1);
    }
}

void samples_standardise(struct samples *s, const struct cnn *m)
{
    const struct nn_shape shape = cnn_shape(m, &s->extra_each);
    float *to;

    if (m->places == 0) {
        s->in_each = shape.channels;
        to = s->in = mem_resize(s->in, s->n * s->in_each, sizeof *s->in);
    } else {
        to = s->extra = mem_alloc(s->n * s->extra_each, sizeof *s->extra);
    }
    for (size_t i = 0; i < s->n; i++)
        cnn_standardise(m, s->stats + i * m->n_stats,
                        to + i * (m->places == 0 ? s->in_each : s->extra_each));
}
