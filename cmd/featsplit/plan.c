#include "mem.h"
#include "row_places.h"
#include "split.h"

#include <stdlib.h>
#include <string.h>

struct named {
    const char *name;
    uint32_t class;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* By name, so that the split does not depend on the class that comes first. */
static void rank_classes(struct split *s)
{
    const size_t n = intern_count(s->classes);
    struct named *const order = mem_alloc(n, sizeof *order);

    s->rank = mem_alloc(n, sizeof *s->rank);
    s->stratum = mem_zero(n, sizeof *s->stratum);
    for (uint32_t i = 0; i < n; i++)
        order[i] = (struct named){intern_text(s->classes, i), i};
    qsort(order, n, sizeof *order, compare_names);
    for (uint32_t i = 0; i < n; i++) {
        s->rank[order[i].class] = i;
        if (s->options->stratify)
            s->stratum[order[i].class] = i;
    }
    free(order);
}

static void choose_shares(struct split *s)
{
    const struct split_options *const o = s->options;

    if (o->folds == 0) {
        s->shares = (struct shares){.n = 2, .part = {[TRAIN] = 1 - o->ratio, [TEST] = o->ratio}};
        s->test_part = TEST;
        return;
    }
    s->shares.n = o->folds;
    for (size_t i = 0; i < o->folds; i++)
        s->shares.part[i] = 1 / (double)o->folds;
    s->test_part = o->fold - 1;
}

static uint64_t rows_in_test(const struct split *s)
{
    uint64_t rows = 0;

    if (s->places)
        return row_places_of(s->places, s->test_part);
    for (size_t i = 0; i < s->groups->n; i++)
        if (s->groups->all[i].part == s->test_part)
            rows += s->groups->all[i].rows;
    return rows;
}

static bool assign(struct split *s, struct err *e)
{
    const struct split_options *const o = s->options;

    if (!s->groups) {
        s->places = row_places_new(s->class_rows, s->stratum, intern_count(s->classes), &s->shares,
                                   s->shared->seed);
        return true;
    }
    groups_settle(s->groups, s->rank);
    if (grouping_by(s->grouping) == BY_TIME)
        return assign_by_time(s->groups, o->ratio, &s->cut) ||
               err_set(e, "%s: all groups begin at the same time: there is no cut",
                       table_path(s->table));
    assign_groups(s->groups, s->stratum, &s->shares, s->shared->seed);
    return true;
}

bool split_assign(struct split *s, struct err *e)
{
    const uint64_t n_groups = s->groups ? s->groups->n : s->rows;
    const char *const by = s->options->by;

    rank_classes(s);
    choose_shares(s);
    if (n_groups < s->shares.n)
        return err_set(e, "%s: has %llu group%s by '%s', and %zu are needed", table_path(s->table),
                       (unsigned long long)n_groups, n_groups == 1 ? "" : "s", by, s->shares.n);
    if (!assign(s, e))
        return false;
    const uint64_t in_test = rows_in_test(s);
    if (in_test == 0 || in_test == s->rows)
        return err_set(e,
                       "%s: no rows are left for %s: the classes have too few groups by '%s' "
                       "(see --no-stratify and --by)",
                       table_path(s->table), in_test == 0 ? "test" : "train", by);
    return true;
}
