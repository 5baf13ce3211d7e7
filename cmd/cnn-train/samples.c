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
    uint64_t before;        /* rows of the tables before this one */
    size_t cap;
};

/* Of a row. */
static size_t packet_numbers(const struct cnn *m)
{
    return m->places * CNN_SEQUENCES;
}

static void make_room(struct loader *l)
{
    struct samples *const s = l->s;

    if (s->n < l->cap)
        return;
    l->cap = l->cap ? l->cap + l->cap / 2 : 1024;
    s->packets = mem_resize(s->packets, l->cap * packet_numbers(l->m), sizeof *s->packets);
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
    const uint64_t row = l->before + table_rows(l->t);
    struct span name;

    if (!class_map_get(l->categories, l->t, l->label, &name, e))
        return false;
    if (span_is(name, CNN_OTHER)) {
        s->others++;
        return true;
    }
    if (span_is(name, CNN_UNKNOWN))
        return table_fail(l->t, l->label, e,
                          "makes a class '" CNN_UNKNOWN "', which is what is said of unknown flows "
                          "('" CNN_OTHER "' leaves them out)");
    if (has_control(name))
        return table_fail(l->t, l->label, e, "has a control character");
    make_room(l);
    const uint32_t class = intern_add(l->classes, name);
    if (class >= CNN_MOST_CLASSES)
        return table_fail(l->t, l->label, e, "is one class more than the %d there may be",
                          CNN_MOST_CLASSES);
    if (!cnn_input_get(l->input, l->t, s->packets + s->n * packet_numbers(l->m),
                       s->stats + s->n * l->m->n_stats, e))
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
    l->before += table_rows(l->t);
    return status == TABLE_END;
}

/* The rows of one table. */
static bool add_table(struct loader *l, struct table *t, struct err *e)
{
    l->t = t;
    if (!table_require(t, l->o->label, &l->label, e))
        return false;
    l->input = cnn_input_new(t, l->m, e);
    l->grouping = l->input ? grouping_new(t, l->o->by, false, l->o->label, e) : NULL;
    const bool ok = l->grouping && read_rows(l, e);
    cnn_input_free(l->input);
    grouping_free(l->grouping);
    return ok;
}

/* The first table, and those that the options name after it. */
static bool add_tables(struct loader *l, struct table *first, struct err *e)
{
    bool ok = add_table(l, first, e);

    for (size_t i = 1; ok && i < l->o->n_files; i++) {
        struct table *const t = table_open(l->o->files[i], e);
        ok = t && add_table(l, t, e);
        table_close(t);
    }
    if (ok && l->s->n == 0)
        ok = err_set(e, "%s: has no rows to train on%s", table_path(first),
                     l->s->others ? " but those of the category '" CNN_OTHER "'" : "");
    return ok;
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

/* Networks that answer together where nobody says: on few rows they cost little and help much. */
static size_t usual_members(size_t rows)
{
    enum { FEW = 5000, MEMBERS = 5 };

    return rows < FEW ? MEMBERS : 1;
}

uint64_t samples_seed(const struct cnn *m, size_t member)
{
    return m->seed + member * UINT64_C(0x9e3779b97f4a7c15);
}

/* Each class is parted by its groups; trains: set for the rows that train. */
static struct samples_part part_rows(struct loader *l, const uint32_t *rank, uint64_t seed,
                                     bool *trains)
{
    const struct samples *const s = l->s;
    const double share = l->o->validation;
    const struct shares shares = {.n = 2, .part = {1 - share, share}};
    struct samples_part part = {.train = mem_alloc(s->n, sizeof *part.train),
                                .valid = mem_alloc(s->n, sizeof *part.valid)};

    if (share > 0)
        assign_groups(l->groups, rank, &shares, seed);
    for (uint32_t i = 0; i < s->n; i++) {
        const bool held = share > 0 && l->groups->all[l->group[i]].part == TEST;
        trains[i] |= !held;
        if (held)
            part.valid[part.n_valid++] = i;
        else
            part.train[part.n_train++] = i;
    }
    return part;
}

static bool make_parts(struct loader *l, const uint32_t *rank, const char *path, struct err *e)
{
    struct samples *const s = l->s;
    struct cnn *const m = l->m;
    bool *const trains = mem_zero(s->n, sizeof *trains), ok = true;

    groups_settle(l->groups, rank);
    for (uint32_t i = 0; i < s->n; i++)
        s->class[i] = rank[s->class[i]];
    if (m->n_members == 0) {
        m->n_members = l->o->members ? l->o->members : usual_members(s->n);
        m->members = mem_zero(m->n_members, sizeof *m->members);
    }
    s->parts = mem_zero(m->n_members, sizeof *s->parts);
    for (s->n_parts = 0; ok && s->n_parts < m->n_members; s->n_parts++) {
        struct samples_part *const p = &s->parts[s->n_parts];
        *p = part_rows(l, rank, samples_seed(m, s->n_parts), trains);
        ok = p->n_train > 0 && (p->n_valid > 0 || l->o->validation <= 0);
    }
    for (size_t i = 0; i < s->n; i++) {
        m->rows += trains[i];
        m->classes[s->class[i]].rows += trains[i];
    }
    free(trains);
    const bool by_row = strcmp(l->o->by, "row") == 0;
    return ok || err_set(e, "%s: %s, and none are left to say when to stop: %s--validation=0", path,
                         by_row ? "there are too few rows" : "all rows stay together",
                         by_row ? "" : "--by=row or ");
}

static bool load(struct loader *l, struct table *first, struct err *e)
{
    const struct options *const o = l->o;

    if (o->categories && !(l->categories = class_map_read(o->categories, e)))
        return false;
    for (size_t i = 0; i < l->m->n_classes; i++)
        intern_add(l->classes, span_of(l->m->classes[i].name));
    if (!add_tables(l, first, e))
        return false;
    uint32_t *const rank = rank_classes(l);
    const bool ok = make_parts(l, rank, table_path(first), e);
    free(rank);
    return ok;
}

bool samples_read(struct samples *s, struct table *first, struct cnn *m, const struct options *o,
                  struct err *e)
{
    struct loader l = {.s = s, .m = m, .o = o, .groups = groups_new(), .classes = intern_new()};

    *s = (struct samples){0};
    const bool ok = load(&l, first, e);
    class_map_free(l.categories);
    groups_free(l.groups);
    intern_free(l.classes);
    free(l.group);
    return ok;
}

void samples_free(struct samples *s)
{
    free(s->packets);
    free(s->stats);
    free(s->class);
    for (size_t i = 0; i < s->n_parts; i++) {
        free(s->parts[i].train);
        free(s->parts[i].valid);
    }
    free(s->parts);
}

/* A flow of which fewer packets were seen, on a path that is faster or slower: up to half of the
 * packets, the last ones, are missing, and all gaps are up to twice as long or as short. */
static void vary(const struct cnn *m, struct rng *r, const double *packets, double *to)
{
    const size_t there = cnn_packets(m, packets), half = (there + 1) / 2;
    const double stretch = exp2(2 * rng_unit(r) - 1);
    const size_t keep = half + (there > half ? rng_below(r, there - half + 1) : 0);

    for (size_t i = 0; i < packet_numbers(m); i++) {
        const bool gap = i % CNN_SEQUENCES == CNN_IAT;
        to[i] = i >= keep * CNN_SEQUENCES ? NAN : gap ? packets[i] * stretch : packets[i];
    }
}

void samples_get(const void *view, size_t sample, struct rng *draws, float *in, float *extra,
                 uint32_t *right)
{
    const struct samples_view *const v = view;
    const struct cnn *const m = v->m;
    const size_t row = v->rows ? v->rows[sample] : sample;
    const double *const packets = v->s->packets + row * packet_numbers(m), *const stats =
                                                                               v->s->stats +
                                                                               row * m->n_stats;

    *right = v->s->class[row];
    if (!draws || v->augment <= 0 || m->places == 0 || rng_unit(draws) >= v->augment) {
        cnn_encode(m, packets, stats, in, extra);
        return;
    }
    double *const varied = mem_alloc(packet_numbers(m), sizeof *varied);
    vary(m, draws, packets, varied);
    cnn_encode(m, varied, stats, in, extra);
    free(varied);
}
