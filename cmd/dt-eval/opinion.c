#include "opinion.h"

#include "entries_read.h"
#include "mem.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

static bool open_entries(struct opinion *x, const struct input *in, struct err *e)
{
    x->entries = entries_read(x->name, in->model, NULL, e);
    if (!x->entries)
        return false;
    x->slots = mem_zero(x->entries->n_slots, sizeof *x->slots);
    x->sums = mem_zero(x->entries->n_classes, sizeof *x->sums);
    return true;
}

bool opinion_open(struct opinion *x, const struct input *in, const struct options *o, struct err *e)
{
    *x = (struct opinion){.name = o->entries ? o->entries : in->compare};
    if (!x->name)
        return true;
    x->score = rows_score(in->model);
    return o->entries ? open_entries(x, in, e) : table_require(in->table, x->name, &x->column, e);
}

void opinion_close(struct opinion *x)
{
    entries_free(x->entries);
    free(x->slots);
    free(x->sums);
    score_free(x->score);
}

/* The other's verdict, by number in the score. */
static uint32_t ask(struct opinion *x, const struct input *in, const uint64_t *values)
{
    if (x->entries) {
        const uint32_t number = entries_verdict(x->entries, values, x->slots, x->sums);
        return number > 0 ? number - 1 : SCORE_NONE;
    }
    const struct span field = table_field(in->table, x->column);
    return field.n > 0 ? score_class(x->score, field) : SCORE_NONE;
}

bool opinion_take(struct opinion *x, const struct input *in, const uint64_t *values, uint32_t own,
                  const char *truth, struct err *e)
{
    const uint32_t other = ask(x, in, values);

    x->rows++;
    x->none += other == SCORE_NONE;
    x->agreed += other == own;
    if (other != own && x->first_row == 0) {
        x->first_row = table_rows(in->table);
        x->first_own = own;
        x->first_other = other;
    }
    if (truth)
        score_add(x->score, score_class(x->score, (struct span){truth, strlen(truth)}), other, 1);
    if (score_classes(x->score) <= MODEL_MAX_CLASSES)
        return true;
    return err_set(e, "%s:%llu: more than %d classes in the columns", table_path(in->table),
                   (unsigned long long)table_line(in->table), MODEL_MAX_CLASSES);
}

const char *opinion_class(const struct opinion *x, uint32_t class)
{
    return class == SCORE_NONE ? "(none)" : score_name(x->score, class);
}
