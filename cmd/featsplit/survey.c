#include "mem.h"
#include "progress.h"
#include "split.h"

#include <string.h>

enum { MOST_CLASSES = 65535 }; /* as many as a model may have */

bool split_class(struct split *s, bool may_be_new, uint32_t *class, struct err *e)
{
    const struct span name =
        s->label == TABLE_NONE ? (struct span){"", 0} : table_field(s->table, (size_t)s->label);

    *class = may_be_new ? intern_add(s->classes, name) : intern_find(s->classes, name);
    if (*class == INTERN_NONE)
        return err_set(e, "%s: changed while it was read", table_path(s->table));
    if (*class >= MOST_CLASSES)
        return table_fail(s->table, (size_t)s->label, e,
                          "is one class more than the %d there may be", MOST_CLASSES);
    return true;
}

static void count_class(struct split *s, uint32_t class)
{
    if (class >= s->class_rows_cap) {
        const size_t had = s->class_rows_cap;
        s->class_rows =
            mem_grow(s->class_rows, &s->class_rows_cap, (size_t) class + 1, sizeof *s->class_rows);
        memset(s->class_rows + had, 0, (s->class_rows_cap - had) * sizeof *s->class_rows);
    }
    s->class_rows[class]++;
}

static bool survey_row(struct split *s, struct err *e)
{
    uint64_t start = 0, end = 0;
    uint32_t class;

    if (!split_class(s, true, &class, e))
        return false;
    count_class(s, class);
    if (grouping_by(s->grouping) == BY_TIME &&
        !grouping_times(s->grouping, s->table, &start, &end, e))
        return false;
    return !s->groups ||
           groups_add(s->groups, grouping_key(s->grouping, s->table), class, start, end, e);
}

bool split_survey(struct split *s, struct err *e)
{
    struct progress *const progress = progress_new(s->shared->progress, "rows surveyed", 0);
    enum table_status status = TABLE_BAD;
    bool ok = true;

    s->classes = intern_new();
    s->groups = grouping_by(s->grouping) == BY_ROW ? NULL : groups_new();
    while (ok && (status = table_next(s->table, e)) == TABLE_ROW) {
        ok = survey_row(s, e);
        progress_at(progress, table_rows(s->table));
    }
    progress_end(progress);
    s->rows = table_rows(s->table);
    if (!ok || status == TABLE_BAD)
        return false;
    return s->rows > 0 || err_set(e, "%s: has a header and no rows", table_path(s->table));
}
