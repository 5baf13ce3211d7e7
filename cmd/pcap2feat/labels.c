#include "labels.h"

#include "label_table.h"
#include "mem.h"
#include "report.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct labels {
    const struct label_options *options;
    enum table_format format;
    char **rule_classes; /* quoted, as are the others */
    struct label_table *table;
    char **table_classes;
    char *rest;       /* for packets that rules and table leave; NULL: none */
    char **of_origin; /* the same, by where they come from */
    size_t n_origins, origins_cap;
    uint64_t none, ambiguous;
};

bool labels_wanted(const struct label_options *o)
{
    return o->name || o->from != LABEL_FROM_NOTHING || o->table || o->n_rules > 0;
}

static bool open_table(struct labels *l, struct err *e)
{
    if (!l->options->table)
        return true;
    l->table = label_table_read(l->options->table, e);
    if (!l->table)
        return false;
    const size_t n = label_table_classes(l->table);
    l->table_classes = mem_zero(n, sizeof *l->table_classes);
    for (size_t i = 0; i < n; i++)
        l->table_classes[i] = table_quoted(label_table_class(l->table, i), l->format);
    return true;
}

struct labels *labels_new(const struct label_options *o, enum table_format format, struct err *e)
{
    struct labels *const l = mem_zero(1, sizeof *l);

    l->options = o;
    l->format = format;
    l->rule_classes = mem_zero(o->n_rules, sizeof *l->rule_classes);
    for (size_t i = 0; i < o->n_rules; i++)
        l->rule_classes[i] = table_quoted(o->rules[i].name, format);
    l->rest = o->name ? table_quoted(o->name, format) : NULL;
    if (open_table(l, e))
        return l;
    labels_free(l);
    return NULL;
}

void labels_free(struct labels *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->options->n_rules; i++)
        free(l->rule_classes[i]);
    for (size_t i = 0; l->table_classes && i < label_table_classes(l->table); i++)
        free(l->table_classes[i]);
    free(l->table_classes);
    label_table_free(l->table);
    free(l->rule_classes);
    for (size_t i = 0; i < l->n_origins; i++)
        free(l->of_origin[i]);
    free(l->of_origin);
    free(l->rest);
    free(l);
}

static const char *last_part(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The name of the directory that holds the file, where the path alone may not say it. */
static char *directory_name(const char *path)
{
    char *const directory = mem_string(path, (size_t)(last_part(path) - path));
    char *const whole = realpath(*directory ? directory : ".", NULL);
    char *const name = whole ? mem_string(last_part(whole), strlen(last_part(whole))) : NULL;

    free(directory);
    free(whole);
    return name;
}

static void set_class_of(struct labels *l, uint32_t origin, char *class)
{
    l->of_origin =
        mem_grow(l->of_origin, &l->origins_cap, (size_t)origin + 1, sizeof *l->of_origin);
    while (l->n_origins <= origin)
        l->of_origin[l->n_origins++] = NULL;
    free(l->of_origin[origin]);
    l->of_origin[origin] = class;
}

bool labels_begin(struct labels *l, uint32_t origin, const char *path, struct err *e)
{
    char *class;

    if (l->options->from == LABEL_FROM_NOTHING)
        return true;
    if (l->options->from == LABEL_FROM_FILENAME)
        class = mem_string(last_part(path), strcspn(last_part(path), "."));
    else
        class = directory_name(path);
    const bool good = class && *class;
    set_class_of(l, origin, good ? table_quoted(class, l->format) : NULL);
    free(class);
    return good || err_set(e, "%s: its %s gives no class", path,
                           l->options->from == LABEL_FROM_FILENAME ? "name" : "directory");
}

/* The class that rules and table give, or NULL. */
static const char *find_named(struct labels *l, const struct frame *f, const struct packet *p,
                              bool *ambiguous)
{
    for (size_t i = 0; i < l->options->n_rules; i++)
        if (filter_match(l->options->rules[i].filter, f))
            return l->rule_classes[i];
    if (l->table) {
        size_t class;
        const enum label_match match = label_table_find(l->table, p, &class);
        *ambiguous = match == LABEL_AMBIGUOUS;
        if (match == LABEL_FOUND)
            return l->table_classes[class];
    }
    return NULL;
}

const char *labels_look(struct labels *l, const struct frame *f, const struct packet *p,
                        bool *ambiguous)
{
    *ambiguous = false;
    const char *const name = find_named(l, f, p, ambiguous);

    if (name || *ambiguous)
        return name;
    return f->origin < l->n_origins ? l->of_origin[f->origin] : l->rest;
}

void labels_count(struct labels *l, bool ambiguous, uint64_t n)
{
    *(ambiguous ? &l->ambiguous : &l->none) += n;
}

bool labels_find(struct labels *l, const struct frame *f, const struct packet *p,
                 struct span *class)
{
    bool ambiguous;
    const char *const name = labels_look(l, f, p, &ambiguous);

    if (!name) {
        labels_count(l, ambiguous, 1);
        return false;
    }
    *class = span_of(name);
    return true;
}

void labels_report(const struct labels *l, const struct cli_shared_values *v, const char *what)
{
    const char *const by = !l->table ? "no label rule matches"
                           : l->options->n_rules
                               ? "neither a label rule nor the label table matches"
                               : "not in the label table";

    report_without(v, l->none, what, by);
    report_without(v, l->ambiguous, what, "the label table has several classes for them");
}
