#include "import.h"

#include "mem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct import *import_new(const char *origin, enum import_rule rule)
{
    struct import *const x = mem_zero(1, sizeof *x);

    x->origin = origin;
    x->rule = rule;
    x->width = 1;
    return x;
}

void import_free_names(char **names, size_t n)
{
    for (size_t i = 0; names && i < n; i++)
        free(names[i]);
    free(names);
}

void import_free(struct import *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < x->n_trees; i++) {
        free(x->trees[i].nodes);
        free(x->trees[i].values);
    }
    free(x->trees);
    free(x->bases);
    import_free_names(x->features, x->n_features);
    import_free_names(x->classes, x->n_classes);
    free(x);
}

struct import_tree *import_add_tree(struct import *x)
{
    x->trees = mem_grow(x->trees, &x->cap_trees, x->n_trees + 1, sizeof *x->trees);
    x->trees[x->n_trees] = (struct import_tree){0};
    return &x->trees[x->n_trees++];
}

uint32_t import_add_node(struct import_tree *t, struct import_node node)
{
    t->nodes = mem_grow(t->nodes, &t->cap_nodes, t->n_nodes + 1, sizeof *t->nodes);
    t->nodes[t->n_nodes] = node;
    return (uint32_t)t->n_nodes++;
}

double *import_add_leaf(struct import *x, struct import_tree *t, uint32_t *place)
{
    t->values = mem_grow(t->values, &t->cap_values, (t->n_leaves + 1) * x->width, sizeof(double));
    *place = (uint32_t)t->n_leaves;
    return t->values + t->n_leaves++ * x->width;
}

char **import_names(const char *list, size_t *n)
{
    char **names = NULL;
    size_t cap = 0;

    *n = 0;
    for (const char *p = list;; p++) {
        const size_t length = strcspn(p, ",");
        names = mem_grow(names, &cap, *n + 1, sizeof(char *));
        names[(*n)++] = mem_string(p, length);
        p += length;
        if (!*p)
            return names;
    }
}

static struct import *read_json(const char *text, size_t n, const char *name,
                                const struct import_options *o, struct err *e)
{
    json_error_t where;
    json_t *const json =
        json_loadb(text, n, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, &where);
    struct import *x = NULL;

    if (!json)
        (void)err_set(e, "%s:%d: no whole JSON: %.200s", name, where.line, where.text);
    else if (json_is_object(json) && json_object_get(json, "weir-sklearn"))
        x = import_sklearn(json, name, e);
    else
        x = import_xgboost(json, name, o, e);
    json_decref(json);
    return x;
}

struct import *import_read(const char *text, size_t n, const char *name,
                           const struct import_options *o, struct err *e)
{
    size_t i = 0;

    while (i < n && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t'))
        i++;
    if (i < n && (text[i] == '{' || text[i] == '['))
        return read_json(text, n, name, o, e);
    if (n - i >= 5 && memcmp(text + i, "tree", 4) == 0)
        return import_lightgbm(text, n, name, e);
    (void)err_set(e,
                  "%s: neither what scripts/sklearn-export wrote, nor a model or a dump of "
                  "XGBoost's in JSON, nor a model of LightGBM's in text",
                  name);
    return NULL;
}
