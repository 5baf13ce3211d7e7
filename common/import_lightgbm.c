/* LightGBM's text: lines "name=value", a header and then a block for each tree. */
#include "import.h"
#include "lines.h"
#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct lines l;
    struct import *x;
    uint64_t classes, per_round;
    bool binary, multi, trees_begun;
};

/* The lists of a tree, as they stand after "name=". */
struct block {
    struct span feature, threshold, decision, left, right, value;
    uint64_t leaves, line;
};

static bool starts(struct span text, const char *name, struct span *rest)
{
    const size_t n = strlen(name);

    if (text.n < n || memcmp(text.p, name, n) != 0)
        return false;
    *rest = (struct span){text.p + n, text.n - n};
    return true;
}

/* The next word of a list. */
static struct span word(struct span *list)
{
    while (list->n > 0 && *list->p == ' ') {
        list->p++;
        list->n--;
    }
    if (list->n == 0)
        return *list;
    const char *const blank = memchr(list->p, ' ', list->n);
    const struct span w = {list->p, blank ? (size_t)(blank - list->p) : list->n};
    *list = (struct span){w.p + w.n, list->n - w.n};
    return w;
}

static bool number(const struct reader *r, struct span *list, const char *what, double *v)
{
    const struct span w = word(list);

    return num_f64(w.p, w.n, v) == NUM_OK ||
           lines_fail(&r->l, "tree %zu: '%.*s' in %s is no number", r->x->n_trees,
                      w.n > 40 ? 40 : (int)w.n, w.p, what);
}

static bool whole(const struct reader *r, struct span *list, const char *what, double min,
                  double max, int64_t *v)
{
    double d;

    if (!number(r, list, what, &d))
        return false;
    *v = d >= min && d <= max ? (int64_t)d : 0;
    return (d >= min && d <= max && (double)*v == d) ||
           lines_fail(&r->l, "tree %zu: %s has %g, which is not a whole number from %g to %g",
                      r->x->n_trees, what, d, min, max);
}

enum { CATEGORICAL = 1, DEFAULT_LEFT = 2, MISSING_SHIFT = 2, MISSING_ZERO = 1 };

/* Children below 0 are leaves: ~place. Splits come first in our nodes, then the leaves. */
static bool read_split(struct reader *r, struct import_tree *t, struct block *b)
{
    const double splits = (double)b->leaves - 1;
    int64_t feature, decision = DEFAULT_LEFT, left, right;
    struct import_node node = {0};

    if (!whole(r, &b->feature, "split_feature", 0, (double)r->x->n_features - 1, &feature) ||
        !number(r, &b->threshold, "threshold", &node.threshold) ||
        !whole(r, &b->decision, "decision_type", 0, 255, &decision) ||
        !whole(r, &b->left, "left_child", -splits - 1, splits - 1, &left) ||
        !whole(r, &b->right, "right_child", -splits - 1, splits - 1, &right))
        return false;
    if (decision & CATEGORICAL)
        return lines_fail(&r->l,
                          "tree %zu: feature '%s' is split by categories, which no threshold "
                          "can say",
                          r->x->n_trees, r->x->features[feature]);
    /* A zero that counts as missing goes the default way, which may not be its own. */
    if (((decision >> MISSING_SHIFT) & 3) == MISSING_ZERO &&
        !(decision & DEFAULT_LEFT) != !(0 <= node.threshold))
        return lines_fail(&r->l,
                          "tree %zu: feature '%s' takes 0 for missing (zero_as_missing): "
                          "train without",
                          r->x->n_trees, r->x->features[feature]);
    node.feature = (int32_t)feature;
    node.yes = (uint32_t)(left >= 0 ? left : (int64_t)splits + ~left);
    node.no = (uint32_t)(right >= 0 ? right : (int64_t)splits + ~right);
    (void)import_add_node(t, node);
    return true;
}

static bool end_tree(struct reader *r, struct import_tree *t, struct block *b)
{
    if (b->leaves == 0)
        return lines_fail(&r->l, "tree %zu has no num_leaves", r->x->n_trees);
    for (uint64_t i = 0; i + 1 < b->leaves; i++)
        if (!read_split(r, t, b))
            return false;
    for (uint64_t i = 0; i < b->leaves; i++) {
        struct import_node node = {.feature = IMPORT_LEAF};
        double *const value = import_add_leaf(r->x, t, &node.yes);
        if (!number(r, &b->value, "leaf_value", value))
            return false;
        if (!(*value >= -1e30 && *value <= 1e30))
            return lines_fail(&r->l, "tree %zu: a leaf of %g", r->x->n_trees, *value);
        (void)import_add_node(t, node);
    }
    *b = (struct block){0};
    return true;
}

static bool take_tree_line(struct reader *r, struct block *b, struct span line)
{
    struct span rest;

    if (starts(line, "num_leaves=", &rest))
        return lines_u64_of(&r->l, rest, "number of leaves", 1, 10000000, &b->leaves);
    if (starts(line, "is_linear=", &rest) && !span_is(rest, "0"))
        return lines_fail(&r->l, "its leaves are linear models (linear_tree), not numbers");
    const struct {
        const char *name;
        struct span *list;
    } lists[] = {
        {"split_feature=", &b->feature},  {"threshold=", &b->threshold},
        {"decision_type=", &b->decision}, {"left_child=", &b->left},
        {"right_child=", &b->right},      {"leaf_value=", &b->value},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (starts(line, lists[i].name, &rest))
            *lists[i].list = rest;
    return true;
}

static bool take_names(struct reader *r, struct span list)
{
    struct import *const x = r->x;
    size_t cap = 0;

    import_free_names(x->features, x->n_features);
    x->features = NULL;
    x->n_features = 0;
    for (struct span w; (w = word(&list)).n > 0;) {
        if (x->n_features == MODEL_MAX_FEATURES)
            return lines_fail(&r->l, "more than %d features", MODEL_MAX_FEATURES);
        x->features = mem_grow(x->features, &cap, x->n_features + 1, sizeof(char *));
        x->features[x->n_features++] = mem_string(w.p, w.n);
    }
    return true;
}

static bool take_header_line(struct reader *r, struct span line)
{
    struct span rest;

    if (starts(line, "num_class=", &rest))
        return lines_u64_of(&r->l, rest, "number of classes", 1, 10000, &r->classes);
    if (starts(line, "num_tree_per_iteration=", &rest))
        return lines_u64_of(&r->l, rest, "num_tree_per_iteration", 1, 10000, &r->per_round);
    if (starts(line, "feature_names=", &rest))
        return take_names(r, rest);
    if (!starts(line, "objective=", &rest))
        return true;
    r->binary = starts(rest, "binary", &rest);
    r->multi = starts(rest, "multiclass ", &rest);
    return r->binary || r->multi ||
           lines_fail(&r->l,
                      "the objective is '%.*s'; those that tell classes are binary and "
                      "multiclass",
                      rest.n > 40 ? 40 : (int)rest.n, rest.p);
}

static bool begin_tree(struct reader *r)
{
    struct import *const x = r->x;

    if (!r->trees_begun &&
        ((!r->binary && !r->multi) || x->n_features == 0 ||
         r->per_round != (r->multi ? r->classes : 1) || (r->multi && r->classes < 2)))
        return lines_fail(&r->l, "a tree before an objective (binary, multiclass), as many trees a "
                                 "round as it has, and the feature_names");
    r->trees_begun = true;
    struct import_tree *const t = import_add_tree(x);
    t->class_index = r->binary ? 1 : (uint32_t)((x->n_trees - 1) % r->classes);
    return true;
}

static bool read_lines(struct reader *r)
{
    struct block b = {0};
    bool cut, open = false;

    while (lines_next(&r->l, &cut)) {
        const struct span line = r->l.text;
        struct span rest;
        const bool begins = starts(line, "Tree=", &rest), ends = span_is(line, "end of trees");
        if ((begins || ends) && open && !end_tree(r, &r->x->trees[r->x->n_trees - 1], &b))
            return false;
        if (ends)
            return r->trees_begun || lines_fail(&r->l, "there are no trees");
        if (begins && !begin_tree(r))
            return false;
        open |= begins;
        if (open ? !take_tree_line(r, &b, line) : !take_header_line(r, line))
            return false;
    }
    return lines_fail(&r->l, "the file ends before its line 'end of trees'");
}

struct import *import_lightgbm(const char *text, size_t n, const char *name, struct err *e)
{
    struct reader r = {
        .l = lines_new(text, n, name, e),
        .x = import_new("LightGBM", IMPORT_AT_MOST),
    };

    if (!read_lines(&r)) {
        import_free(r.x);
        return NULL;
    }
    r.x->n_classes = r.binary ? 2 : r.classes;
    return r.x;
}
