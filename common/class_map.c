#include "class_map.h"

#include "file.h"
#include "intern.h"
#include "mem.h"
#include "suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct class_map {
    char *name; /* of the file */
    struct intern *classes;
    char **categories; /* of each class */
    size_t cap;
};

static bool read_rows(struct class_map *m, struct table *t, struct err *e)
{
    size_t class, category;
    enum table_status status;

    if (!table_require(t, "class", &class, e) || !table_require(t, "category", &category, e))
        return false;
    while ((status = table_next(t, e)) == TABLE_ROW) {
        const struct span from = table_field(t, class), to = table_field(t, category);
        const size_t had = intern_count(m->classes);
        if (from.n == 0 || to.n == 0)
            return table_fail(t, from.n == 0 ? class : category, e, "is no name");
        if (intern_add(m->classes, from) != had)
            return table_fail(t, class, e, "stands twice");
        m->categories = mem_grow(m->categories, &m->cap, had + 1, sizeof *m->categories);
        m->categories[had] = mem_string(to.p, to.n);
    }
    return status == TABLE_END;
}

struct class_map *class_map_read(const char *path, struct err *e)
{
    struct table *const t = table_open(path, e);

    if (!t)
        return NULL;
    struct class_map *m = mem_zero(1, sizeof *m);
    m->name = mem_string(file_name(path), strlen(file_name(path)));
    m->classes = intern_new();
    if (!read_rows(m, t, e)) {
        class_map_free(m);
        m = NULL;
    }
    table_close(t);
    return m;
}

void class_map_free(struct class_map *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < intern_count(m->classes); i++)
        free(m->categories[i]);
    free(m->categories);
    free(m->name);
    intern_free(m->classes);
    free(m);
}

static bool no_category(const struct class_map *m, const struct table *t, size_t column,
                        struct err *e)
{
    const struct span name = table_field(t, column);
    struct suggest s = {0};
    char near[256], text[256];

    (void)snprintf(text, sizeof text, "%.*s", (int)(name.n < 200 ? name.n : 200), name.p);
    for (uint32_t i = 0; i < intern_count(m->classes); i++)
        suggest_offer(&s, text, intern_text(m->classes, i));
    return table_fail(t, column, e, "has no category in '%s'%s", m->name,
                      suggest_text(&s, near, sizeof near));
}

bool class_map_get(const struct class_map *m, const struct table *t, size_t column,
                   struct span *category, struct err *e)
{
    const struct span name = table_field(t, column);

    if (name.n == 0)
        return table_fail(t, column, e, "is no class: every row needs one");
    *category = name;
    if (!m)
        return true;
    const uint32_t class = intern_find(m->classes, name);
    if (class == INTERN_NONE)
        return no_category(m, t, column, e);
    *category = span_of(m->categories[class]);
    return true;
}
