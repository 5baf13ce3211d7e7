#include "entries_limit.h"

#include "suggest.h"
#include "textbuf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool entries_default_class(const char *name, const struct model *m, struct entries_options *o,
                           struct err *e)
{
    struct suggest near = {0};
    char text[128];

    o->mode = name ? BOXES_GIVEN : BOXES_BEST;
    if (!name)
        return true;
    if (m->n_trees > 1)
        return err_set(e,
                       "a forest's default is votes, not a class: --default-class without a name");
    for (size_t i = 0; i < m->n_classes; i++) {
        if (strcmp(m->classes[i].name, name) == 0) {
            o->default_class = (uint32_t)i;
            return true;
        }
        suggest_offer(&near, name, m->classes[i].name);
    }
    return err_set(e, "--default-class: the model has no class '%s'%s", name,
                   suggest_text(&near, text, sizeof text));
}

/* " (with --default-class 3, with --encoding=coded 12)": what takes fewer than n on the same
 * target. */
static void put_fewer(const struct model *m, const struct entries_options *o, uint64_t n,
                      struct textbuf *t)
{
    const char *before = " (";

    if (o->mode == BOXES_DISJOINT) {
        struct entries_options best = *o;
        best.mode = BOXES_BEST;
        textbuf_printf(t, "%swith --default-class %" PRIu64, before, entries_count(m, &best));
        before = ", ";
    }
    if (o->encoding != ENCODING_RANGE) {
        struct entries_options other = *o;
        other.encoding = o->encoding == ENCODING_CODED ? ENCODING_TERNARY : ENCODING_CODED;
        const uint64_t others = entries_count(m, &other);
        if (others < n) {
            textbuf_printf(t, "%swith --encoding=%s %" PRIu64, before,
                           entries_encoding_names[other.encoding], others);
            before = ", ";
        }
    }
    if (before[0] == ',')
        textbuf_put(t, ")");
}

static void put_largest(const struct entries *x, struct textbuf *t)
{
    const struct entry_table *largest = x->tables;

    for (size_t i = 1; i < x->n_tables; i++)
        if (x->tables[i].n > largest->n)
            largest = &x->tables[i];
    if (x->n_tables == 1)
        textbuf_printf(t, "table '%s' needs %zu", largest->name, largest->n);
    else
        textbuf_printf(t, "the largest of %zu tables, '%s', needs %zu", x->n_tables, largest->name,
                       largest->n);
}

/* The command that grows a model whose entries are not more than max. */
static void put_remedy(const struct model *m, const struct entries_options *o, uint64_t max,
                       struct textbuf *t)
{
    textbuf_printf(t, "dt-train --max-entries=%" PRIu64, max);
    if (o->encoding != ENCODING_RANGE)
        textbuf_printf(t, " --encoding=%s", entries_encoding_names[o->encoding]);
    if (o->mode == BOXES_DISJOINT)
        textbuf_put(t, " --no-default-class");
    if (o->mode == BOXES_GIVEN)
        textbuf_printf(t, " --default-class='%s'", m->classes[o->default_class].name);
    textbuf_put(t, " grows a model that fits");
}

bool entries_fit(const struct model *m, const struct entries *x, const struct entries_options *o,
                 uint64_t n, uint64_t max, struct err *e)
{
    const uint64_t added = n - entries_total(x);
    struct textbuf t = {0};

    if (n <= max)
        return true;
    textbuf_printf(&t, "the model takes %" PRIu64 " entries", n);
    put_fewer(m, o, n, &t);
    textbuf_printf(&t, ", more than --max-entries=%" PRIu64 ": ", max);
    put_largest(x, &t);
    if (max > added) {
        textbuf_put(&t, "; ");
        put_remedy(m, o, max - added, &t);
    }
    err_set(e, "%s", t.p);
    free(t.p);
    return false;
}
