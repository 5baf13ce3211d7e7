#include "opinion.h"

#include "entries_read.h"
#include "mem.h"
#include "rows.h"

#include <stdlib.h>

static bool open_entries(struct opinion *x, const struct input *in, struct err *e)
{
    x->entries = entries_read(x->said.name, in->model, NULL, e);
    if (!x->entries)
        return false;
    x->slots = mem_zero(x->entries->n_slots, sizeof *x->slots);
    x->sums = mem_zero(x->entries->n_classes, sizeof *x->sums);
    return true;
}

bool opinion_open(struct opinion *x, const struct input *in, const struct options *o, struct err *e)
{
    const char *const name = o->entries ? o->entries : in->compare;

    *x = (struct opinion){.said = {.name = name}};
    if (!name)
        return true;
    x->said.score = rows_score(in->model);
    return o->entries ? open_entries(x, in, e) : table_require(in->table, name, &x->column, e);
}

void opinion_close(struct opinion *x)
{
    entries_free(x->entries);
    free(x->slots);
    free(x->sums);
    score_free(x->said.score);
}

/* The other's verdict, by number in the score. */
static uint32_t ask(struct opinion *x, const struct input *in, const uint64_t *values)
{
    if (x->entries) {
        const uint32_t number = entries_verdict(x->entries, values, x->slots, x->sums);
        return number > 0 ? number - 1 : SCORE_NONE;
    }
    const struct span field = table_field(in->table, x->column);
    return field.n > 0 ? score_class(x->said.score, field) : SCORE_NONE;
}

bool opinion_take(struct opinion *x, const struct input *in, const uint64_t *values, uint32_t own,
                  const char *truth, struct err *e)
{
    second_take(&x->said, table_rows(in->table), own, ask(x, in, values), truth);
    if (score_classes(x->said.score) <= MODEL_MAX_CLASSES)
        return true;
    return err_set(e, "%s:%llu: more than %d classes in the columns", table_path(in->table),
                   (unsigned long long)table_line(in->table), MODEL_MAX_CLASSES);
}
