#include "weights.h"

#include "mem.h"
#include "num.h"
#include "suggest.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct model_class *find_class(struct dataset *d, struct span name)
{
    for (size_t i = 0; i < d->n_classes; i++)
        if (span_is(name, d->classes[i].name))
            return &d->classes[i];
    return NULL;
}

static bool no_such_class(const struct dataset *d, const struct table *t, size_t column,
                          struct err *e)
{
    const struct span name = table_field(t, column);
    struct suggest s = {0};
    char near[256], text[256];

    (void)snprintf(text, sizeof text, "%.*s", (int)(name.n < 200 ? name.n : 200), name.p);
    for (size_t i = 0; i < d->n_classes; i++)
        suggest_offer(&s, text, d->classes[i].name);
    return table_fail(t, column, e, "is not a class of the training table%s",
                      suggest_text(&s, near, sizeof near));
}

/* `named` has a place for each class. */
static bool read_weights(struct dataset *d, struct table *t, bool *named, struct err *e)
{
    size_t name, weight;
    enum table_status status;

    if (!table_require(t, "class", &name, e) || !table_require(t, "weight", &weight, e))
        return false;
    while ((status = table_next(t, e)) == TABLE_ROW) {
        struct model_class *const c = find_class(d, table_field(t, name));
        const struct span text = table_field(t, weight);
        double value = 0;
        if (!c)
            return no_such_class(d, t, name, e);
        if (named[c - d->classes])
            return table_fail(t, name, e, "stands twice");
        named[c - d->classes] = true;
        if (num_f64(text.p, text.n, &value) != NUM_OK)
            return table_fail(t, weight, e, "is not a number");
        /* Far inside what a double holds, so that sums of squares stay finite. */
        if (!(value >= 1e-9 && value <= 1e9))
            return table_fail(t, weight, e, "is not in 1e-9..1e9");
        c->weight = value;
    }
    return status == TABLE_END;
}

bool weights_set(struct dataset *d, const struct options *o, struct err *e)
{
    if (o->weights == WEIGHTS_BALANCED)
        for (size_t i = 0; i < d->n_classes; i++)
            d->classes[i].weight =
                (double)d->n_rows / ((double)d->n_classes * (double)d->classes[i].rows);
    if (o->weights != WEIGHTS_FILE)
        return true;
    struct table *const t = table_open(o->weights_file, e);
    if (!t)
        return false;
    bool *const named = mem_zero(d->n_classes, sizeof *named);
    const bool ok = read_weights(d, t, named, e);
    free(named);
    table_close(t);
    return ok;
}
