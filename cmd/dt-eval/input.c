#include "input.h"

#include "feature.h"

#include <stdio.h>
#include <string.h>

static bool find_class(struct input *in, const struct options *o, struct err *e)
{
    const char *const name = o->class ? o->class : in->model->label;
    size_t column;

    if (table_require(in->table, name, &column, e)) {
        in->class_column = (long)column;
        return true;
    }
    const size_t used = strlen(e->text);
    (void)snprintf(e->text + used, sizeof e->text - used,
                   "; -c names the class column, --predict and --explain need none");
    return false;
}

/* The report judges verdicts that stand in the table, asked or not: those of a switch, say. */
static const char *other_verdicts(const struct input *in, const struct options *o)
{
    const char *const usual = feature_at(F_PREDICTED)->name;
    const bool is_truth = strcmp(o->class ? o->class : in->model->label, usual) == 0;
    const bool there = o->mode == MODE_REPORT && !o->entries && !is_truth &&
                       table_find(in->table, usual) != TABLE_NONE;

    return o->compare ? o->compare : there ? usual : NULL;
}

bool input_open(struct input *in, const struct options *o, enum need need, struct err *e)
{
    *in = (struct input){.class_column = TABLE_NONE};
    in->model = model_read(o->model, e);
    if (!in->model)
        return false;
    if (need == NEED_MODEL)
        return true;
    in->table = table_open(o->file, e);
    if (!in->table)
        return false;
    in->compare = other_verdicts(in, o);
    /* Two verdicts can be compared without knowing the truth. */
    if ((need == NEED_CLASSES && !in->compare) || o->class) {
        if (!find_class(in, o, e))
            return false;
    } else {
        in->class_column = table_find(in->table, in->model->label);
    }
    in->reader = row_reader_new(in->table, in->model, e);
    return in->reader != NULL;
}

void input_close(struct input *in)
{
    row_reader_free(in->reader);
    table_close(in->table);
    model_free(in->model);
}

bool input_values(struct input *in, uint64_t *values, struct err *e)
{
    return row_reader_get(in->reader, in->table, values, e);
}

enum table_status input_next(struct input *in, uint64_t *values, struct err *e)
{
    const enum table_status status = table_next(in->table, e);

    if (status == TABLE_ROW && !input_values(in, values, e))
        return TABLE_BAD;
    return status;
}

bool input_class(const struct input *in, struct score *s, uint32_t *class, struct err *e)
{
    const size_t column = (size_t)in->class_column;
    const struct span name = table_field(in->table, column);

    if (name.n == 0)
        return table_fail(in->table, column, e, "is no class (a row without one can't be judged)");
    *class = score_class(s, name);
    if (score_classes(s) <= MODEL_MAX_CLASSES)
        return true;
    return err_set(e, "%s:%llu: more than %d classes; -c names the class column",
                   table_path(in->table), (unsigned long long)table_line(in->table),
                   MODEL_MAX_CLASSES);
}

void input_note(const struct input *in, const struct options *o)
{
    const uint64_t rounded = row_reader_rounded(in->reader);
    const uint64_t filled = row_reader_filled(in->reader);

    if (rounded)
        cli_note(o->shared, "%llu value%s rounded %s, as the model says",
                 (unsigned long long)rounded, rounded == 1 ? " was" : "s were",
                 in->model->round == ROUND_FLOOR ? "down" : "to the nearest integer");
    if (filled)
        cli_note(o->shared, "%llu empty field%s read as %llu, as the model says",
                 (unsigned long long)filled, filled == 1 ? " was" : "s were",
                 (unsigned long long)in->model->missing);
}
