#include "class_weights.h"

#include "mem.h"
#include "num.h"
#include "suggest.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct weighing {
    struct model_class *classes;
    size_t n;
    bool *named; /* so far, each */
};

static struct model_class *find_class(const struct weighing *w, struct span name)
{
    for (size_t i = 0; i < w->n; i++)
        if (span_is(name, w->classes[i].name))
            return &w->classes[i];
    return NULL;
}

static bool no_such_class(const struct weighing *w, const struct table *t, size_t column,
                          struct err *e)
{
    const struct span name = table_field(t, column);
    struct suggest s = {0};
    char near[256], text[256];

    (void)snprintf(text, sizeof text, "%.*s", (int)(name.n < 200 ? name.n : 200), name.p);
    for (size_t i = 0; i < w->n; i++)
        suggest_offer(&s, text, w->classes[i].name);
    return table_fail(t, column, e, "is not a class of the training table%s",
                      suggest_text(&s, near, sizeof near));
}

static bool read_weights(const struct weighing *w, struct table *t, struct err *e)
{
    size_t name, weight;
    enum table_status status;

    if (!table_require(t, "class", &name, e) || !table_require(t, "weight", &weight, e))
        return false;
    while ((status = table_next(t, e)) == TABLE_ROW) {
        struct model_class *const c = find_class(w, table_field(t, name));
        const struct span text = table_field(t, weight);
        double value = 0;
        if (!c)
            return no_such_class(w, t, name, e);
        if (w->named[c - w->classes])
            return table_fail(t, name, e, "stands twice");
        w->named[c - w->classes] = true;
        if (num_f64(text.p, text.n, &value) != NUM_OK)
            return table_fail(t, weight, e, "is not a number");
        /* Far inside what a double holds, so that sums of squares stay finite. */
        if (!(value >= 1e-9 && value <= 1e9))
            return table_fail(t, weight, e, "is not in 1e-9..1e9");
        c->weight = value;
    }
    return status == TABLE_END;
}

void class_weights_balance(struct model_class *classes, size_t n)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < n; i++)
        rows += classes[i].rows;
    for (size_t i = 0; i < n; i++)
        if (classes[i].rows > 0)
            classes[i].weight = (double)rows / ((double)n * (double)classes[i].rows);
}

bool class_weights_read(struct model_class *classes, size_t n, const char *path, struct err *e)
{
    struct table *const t = table_open(path, e);

    if (!t)
        return false;
    const struct weighing w = {classes, n, mem_zero(n, sizeof *w.named)};
    const bool ok = read_weights(&w, t, e);
    free(w.named);
    table_close(t);
    return ok;
}
