/* From thresholds of any kind to integers, and from values to votes. */
#include "feature.h"
#include "import.h"
#include "mem.h"
#include "textbuf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VOTES_MOST = (1 << 24) - 1, MOST_VALUES = 50000000 };

/* ---- Features and classes ---- */

static bool name_valid(const char *name)
{
    if (!*name)
        return false;
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
    return *name != ' ' && name[strlen(name) - 1] != ' ';
}

static bool names_valid(char *const *names, size_t n, const char *what, const char *file,
                        struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!name_valid(names[i]))
            return err_set(e, "%s: %s %zu has no name that a model can hold", file, what, i + 1);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return err_set(e, "%s: %s '%.100s' stands twice", file, what, names[i]);
    }
    return true;
}

/* Which features any split looks at; place: each one's in the model. False where there is none. */
static void used_features(const struct import *x, size_t *place)
{
    for (size_t i = 0; i < x->n_features; i++)
        place[i] = SIZE_MAX;
    for (size_t k = 0; k < x->n_trees; k++)
        for (size_t i = 0; i < x->trees[k].n_nodes; i++)
            if (x->trees[k].nodes[i].feature != IMPORT_LEAF)
                place[x->trees[k].nodes[i].feature] = 0;
}

static void add_features(struct model *m, const struct import *x, char *const *names, unsigned bits,
                         size_t *place)
{
    used_features(x, place);
    m->features = mem_alloc(x->n_features, sizeof *m->features);
    for (size_t i = 0; i < x->n_features; i++) {
        const struct feature *const f = feature_find(names[i]);
        const unsigned width = f && f->bits > 0 ? f->bits : bits;
        if (place[i] == SIZE_MAX && !(i + 1 == x->n_features && m->n_features == 0))
            continue;
        place[i] = m->n_features;
        m->features[m->n_features++] =
            (struct model_feature){.name = mem_string(names[i], strlen(names[i])),
                                   .bits = width,
                                   .max = model_feature_max(names[i], width)};
    }
}

static void add_classes(struct model *m, const struct import *x, char *const *names)
{
    m->classes = mem_alloc(x->n_classes, sizeof *m->classes);
    for (; m->n_classes < x->n_classes; m->n_classes++) {
        struct textbuf t = {0};
        if (names)
            textbuf_put(&t, names[m->n_classes]);
        else
            textbuf_printf(&t, "%zu", m->n_classes);
        m->classes[m->n_classes] = (struct model_class){t.p, 0, 1};
    }
}

/* ---- Splits ---- */

static bool says_yes(enum import_rule rule, uint64_t x, double threshold)
{
    switch (rule) {
    case IMPORT_FLOAT_AT_MOST:
        return (double)(float)x <= threshold;
    case IMPORT_FLOAT_BELOW:
        return (float)x < (float)threshold;
    case IMPORT_AT_MOST:
        break;
    }
    return (double)x <= threshold;
}

/* How many values from 0 up to max take the yes branch: all rules are monotone, in floats, too. */
static uint64_t yes_values(enum import_rule rule, double threshold, uint64_t max)
{
    uint64_t low = 0, high = max + 1;

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (says_yes(rule, middle, threshold))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- Values to votes ---- */

/* A value v of a class becomes (v - low) * scale and its share of the class's offset; both are the
 * same for all leaves of a tree, and the offsets' differences are what the lows took away. */
struct scaling {
    double scale;
    double *low;      /* of each tree, where leaves have one value */
    uint64_t *offset; /* of each class, in votes, over all trees */
};

static double leaf_sum(const double *values, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

/* Margins: each class's sum of its base and lows, above the least of them. */
static struct scaling scale_margins(const struct import *x, uint32_t most)
{
    struct scaling s = {.low = mem_zero(x->n_trees, sizeof *s.low),
                        .offset = mem_zero(x->n_classes, sizeof *s.offset)};
    double *const start = mem_zero(x->n_classes, sizeof *start);
    double range = 0, least = INFINITY, offset = 0;

    for (size_t c = 0; c < x->n_classes && x->bases; c++)
        start[c] = x->bases[c];
    for (size_t k = 0; k < x->n_trees; k++) {
        const struct import_tree *const t = &x->trees[k];
        double low = t->values[0], high = t->values[0];
        for (size_t i = 1; i < t->n_leaves; i++) {
            low = fmin(low, t->values[i]);
            high = fmax(high, t->values[i]);
        }
        s.low[k] = low;
        start[t->class_index] += low;
        range = fmax(range, high - low);
    }
    for (size_t c = 0; c < x->n_classes; c++)
        least = fmin(least, start[c]);
    for (size_t c = 0; c < x->n_classes; c++)
        offset = fmax(offset, start[c] - least);
    /* A leaf has at most a whole range and a tree's share of an offset, rounded up. */
    const double whole = range + offset / (double)x->n_trees;
    s.scale = whole > 0 ? (most - 2) / whole : 1;
    for (size_t c = 0; c < x->n_classes; c++)
        s.offset[c] = (uint64_t)((start[c] - least) * s.scale + 0.5);
    free(start);
    return s;
}

static void scaling_free(struct scaling *s)
{
    free(s->low);
    free(s->offset);
}

/* The votes of a leaf, of which at least one is above 0. */
static void leaf_votes(const struct import *x, const struct scaling *s, size_t tree, uint32_t leaf,
                       uint32_t most, uint64_t *votes)
{
    const struct import_tree *const t = &x->trees[tree];
    const double *const values = t->values + leaf * x->width;
    uint64_t sum = 0;

    for (size_t c = 0; c < x->n_classes; c++) {
        if (x->width > 1) {
            votes[c] = (uint64_t)(values[c] / leaf_sum(values, x->width) * most + 0.5);
        } else {
            votes[c] = s->offset[c] / x->n_trees + (tree < s->offset[c] % x->n_trees);
            if (c == t->class_index)
                votes[c] += (uint64_t)((values[0] - s->low[tree]) * s->scale + 0.5);
        }
        sum += votes[c];
    }
    for (size_t c = 0; c < x->n_classes && sum == 0; c++)
        votes[c] = 1; /* the same for all is as good as none */
}

/* Of one tree the verdict is its leaf's: rounding must not tie what was not. */
static void keep_verdict(const double *values, size_t n, uint64_t *votes)
{
    size_t best = 0, voted = 0;

    for (size_t c = 1; c < n; c++) {
        best = values[c] > values[best] ? c : best;
        voted = votes[c] > votes[voted] ? c : voted;
    }
    if (voted != best)
        votes[best] = votes[voted] + (best > voted);
}

/* ---- Trees ---- */

struct growing {
    const struct import *x;
    const struct import_tree *from;
    size_t number;
    const struct scaling *scaling;
    const size_t *place;
    struct model *m;
    struct tree *t;
    size_t cap_nodes, cap_leaves, cap_rows;
    uint8_t *seen; /* nodes; each once: it is a tree */
    uint64_t *votes;
    bool rows; /* leaves keep their training rows */
    size_t dropped;
    const char *name;
    struct err *e;
};

static void add_leaf(struct growing *g, uint32_t leaf)
{
    struct tree *const t = g->t;
    const double *const values = g->from->values + leaf * g->x->width;
    const size_t first = t->n_rows;

    if (!g->rows)
        leaf_votes(g->x, g->scaling, g->number, leaf, g->m->votes, g->votes);
    if (!g->rows && g->x->width > 1 && g->x->n_trees == 1)
        keep_verdict(values, g->x->n_classes, g->votes);
    for (size_t c = 0; c < g->x->n_classes; c++) {
        const uint64_t n = g->rows ? (uint64_t)values[c] : g->votes[c];
        if (n == 0)
            continue;
        t->rows = mem_grow(t->rows, &g->cap_rows, t->n_rows + 1, sizeof *t->rows);
        t->rows[t->n_rows++] = (struct class_rows){(uint32_t)c, n};
        g->m->classes[c].rows += g->rows ? n : 0;
    }
    t->leaves = mem_grow(t->leaves, &g->cap_leaves, t->n_leaves + 1, sizeof *t->leaves);
    t->leaves[t->n_leaves] = (struct tree_leaf){.first = first, .n = t->n_rows - first};
    t->nodes = mem_grow(t->nodes, &g->cap_nodes, t->n_nodes + 1, sizeof *t->nodes);
    t->nodes[t->n_nodes++] =
        (struct tree_node){.feature = TREE_LEAF, .next = (uint32_t)t->n_leaves++};
}

static bool add_node(struct growing *g, uint32_t at, unsigned depth);

/* A split that every value passes the same way is that way. */
static bool add_split(struct growing *g, const struct import_node *n, unsigned depth)
{
    const size_t feature = g->place[n->feature];
    const uint64_t max = g->m->features[feature].max;
    const uint64_t yes = yes_values(g->x->rule, n->threshold, max);

    if (yes == 0 || yes > max) {
        g->dropped++;
        return add_node(g, yes == 0 ? n->no : n->yes, depth + 1);
    }
    struct tree *const t = g->t;
    const size_t i = t->n_nodes;
    t->nodes = mem_grow(t->nodes, &g->cap_nodes, i + 1, sizeof *t->nodes);
    t->nodes[t->n_nodes++] = (struct tree_node){.threshold = yes - 1, .feature = (uint32_t)feature};
    if (!add_node(g, n->yes, depth + 1))
        return false;
    t->nodes[i].next = (uint32_t)t->n_nodes;
    return add_node(g, n->no, depth + 1);
}

static bool add_node(struct growing *g, uint32_t at, unsigned depth)
{
    if (at >= g->from->n_nodes || g->seen[at]++)
        return err_set(g->e, "%s: tree %zu is no tree: a node is missing, or has two parents",
                       g->name, g->number + 1);
    if (depth > MODEL_MAX_DEPTH)
        return err_set(g->e, "%s: tree %zu is deeper than %d", g->name, g->number + 1,
                       MODEL_MAX_DEPTH);
    const struct import_node *const n = &g->from->nodes[at];
    if (n->feature != IMPORT_LEAF)
        return add_split(g, n, depth);
    add_leaf(g, n->yes);
    return true;
}

/* Where there is one tree whose leaves hold whole numbers of training rows, these stay. */
static bool rows_stay(const struct import *x)
{
    const uint64_t most = UINT64_C(1) << 40;

    for (size_t k = 0; k < x->n_trees; k++)
        for (size_t i = 0; i < x->trees[k].n_leaves * x->width; i++)
            if (!x->counts || x->n_trees > 1 || x->trees[k].values[i] > (double)most ||
                x->trees[k].values[i] != floor(x->trees[k].values[i]))
                return false;
    return true;
}

static bool leaves_sound(const struct import *x, const char *name, struct err *e)
{
    for (size_t k = 0; k < x->n_trees; k++) {
        if (x->trees[k].n_leaves == 0)
            return err_set(e, "%s: tree %zu has no leaf", name, k + 1);
        for (size_t i = 0; i < x->trees[k].n_leaves && x->width > 1; i++)
            if (!(leaf_sum(x->trees[k].values + i * x->width, x->width) > 0))
                return err_set(e, "%s: tree %zu has a leaf without rows", name, k + 1);
    }
    return true;
}

static bool add_trees(struct model *m, const struct import *x, const size_t *place,
                      struct import_counts *counts, const char *name, struct err *e)
{
    struct scaling s = {0};
    bool ok = true;

    m->trees = mem_zero(x->n_trees, sizeof *m->trees);
    if (!rows_stay(x))
        m->votes =
            UINT32_MAX / x->n_trees < VOTES_MOST ? (uint32_t)(UINT32_MAX / x->n_trees) : VOTES_MOST;
    if (x->width == 1)
        s = scale_margins(x, m->votes);
    for (size_t k = 0; ok && k < x->n_trees; k++) {
        struct growing g = {
            .x = x,
            .from = &x->trees[k],
            .number = k,
            .scaling = &s,
            .place = place,
            .m = m,
            .t = &m->trees[m->n_trees++],
            .seen = mem_zero(x->trees[k].n_nodes, 1),
            .votes = mem_zero(x->n_classes, sizeof *g.votes),
            .rows = m->votes == 0,
            .name = name,
            .e = e,
        };
        ok = add_node(&g, 0, 0);
        counts->dropped += g.dropped;
        free(g.seen);
        free(g.votes);
    }
    scaling_free(&s);
    return ok;
}

static struct model *make(const struct import *x, const struct import_options *o, char **features,
                          char **classes, struct import_counts *counts, const char *name,
                          struct err *e)
{
    struct model *const m = mem_zero(1, sizeof *m);
    size_t *const place = mem_alloc(x->n_features, sizeof *place);

    add_features(m, x, features, o->bits, place);
    add_classes(m, x, classes);
    m->label = mem_string(o->label, strlen(o->label));
    m->weights = mem_string("none", 4);
    const bool ok = add_trees(m, x, place, counts, name, e);
    free(place);
    if (!ok) {
        model_free(m);
        return NULL;
    }
    for (size_t i = 0; i < m->n_classes; i++)
        m->rows += m->classes[i].rows;
    model_close(m);
    return m;
}

static bool numbers_fit(const struct import *x, const char *name, struct err *e)
{
    if (x->n_trees == 0 || x->n_trees > MODEL_MAX_TREES)
        return err_set(e, "%s: %zu trees; a model has 1 to %d", name, x->n_trees, MODEL_MAX_TREES);
    if (x->n_features == 0 || x->n_features > MODEL_MAX_FEATURES)
        return err_set(e, "%s: %zu features; a model has 1 to %d%s", name, x->n_features,
                       MODEL_MAX_FEATURES,
                       x->n_features == 0 ? " (--features=NAME,… names them)" : "");
    if (x->n_classes < 1 || x->n_classes > MODEL_MAX_CLASSES)
        return err_set(e, "%s: %zu classes; a model has 1 to %d", name, x->n_classes,
                       MODEL_MAX_CLASSES);
    size_t leaves = 0;
    for (size_t k = 0; k < x->n_trees; k++)
        leaves += x->trees[k].n_leaves;
    if (leaves > MOST_VALUES / x->n_classes)
        return err_set(e, "%s: %zu leaves of %zu classes are too many", name, leaves, x->n_classes);
    return leaves_sound(x, name, e);
}

/* The names of a list, as many as there must be; NULL with *e. */
static char **listed(const char *list, size_t n, const char *what, const char *name, struct err *e)
{
    size_t found;
    char **const names = import_names(list, &found);

    if (found == n)
        return names;
    import_free_names(names, found);
    (void)err_set(e, "%s: there are %zu %s, and %zu names for them", name, n, what, found);
    return NULL;
}

struct model *import_model(const struct import *x, const struct import_options *o,
                           struct import_counts *counts, const char *name, struct err *e)
{
    char **features = NULL, **classes = NULL;
    struct model *m = NULL;

    *counts = (struct import_counts){0};
    if (!numbers_fit(x, name, e) ||
        (o->features && !(features = listed(o->features, x->n_features, "features", name, e))))
        return NULL;
    if (!o->classes || (classes = listed(o->classes, x->n_classes, "classes", name, e)))
        if (names_valid(features ? features : x->features, x->n_features, "feature", name, e) &&
            names_valid(classes ? classes : x->classes, classes || x->classes ? x->n_classes : 0,
                        "class", name, e))
            m = make(x, o, features ? features : x->features, classes ? classes : x->classes,
                     counts, name, e);
    import_free_names(features, x->n_features);
    import_free_names(classes, x->n_classes);
    return m;
}
