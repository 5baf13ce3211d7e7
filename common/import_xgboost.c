/* XGBoost: the JSON of save_model(), which says all but the names of the classes, and that of
 * dump_model() and get_dump(), which has the trees alone. */
#include "import.h"
#include "import_json.h"
#include "mem.h"
#include "num.h"
#include "textbuf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of two classes, whose one margin is the second's: its probability. */
static void set_base(struct import *x, double p)
{
    x->bases = mem_zero(2, sizeof *x->bases);
    x->bases[1] = log(p / (1 - p));
}

/* ---- Dumps ---- */

struct dump {
    struct import *x;
    struct import_json j;
    bool given; /* the features are those of --features */
    size_t cap_features;
};

/* "f12" is the feature with that place, as XGBoost calls those without names. */
static bool place_of(const char *name, size_t n, size_t *place)
{
    char *end;

    if (*name != 'f' || name[1] < '0' || name[1] > '9')
        return false;
    const unsigned long v = strtoul(name + 1, &end, 10);
    *place = v;
    return !*end && v < n;
}

static bool find_feature(struct dump *d, const char *name, int32_t *feature)
{
    struct import *const x = d->x;
    size_t i = 0;

    while (i < x->n_features && strcmp(x->features[i], name) != 0)
        i++;
    if (i == x->n_features && d->given && !place_of(name, x->n_features, &i))
        return import_json_fail(&d->j, "feature '%.100s' is not one of --features", name);
    if (i == x->n_features && i == MODEL_MAX_FEATURES)
        return import_json_fail(&d->j, "more than %d features", MODEL_MAX_FEATURES);
    if (i == x->n_features) {
        x->features = mem_grow(x->features, &d->cap_features, i + 1, sizeof(char *));
        x->features[x->n_features++] = mem_string(name, strlen(name));
    }
    *feature = (int32_t)i;
    return true;
}

static bool dump_node(struct dump *d, struct import_tree *t, const json_t *node, uint32_t *at);

static bool dump_leaf(struct dump *d, struct import_tree *t, const json_t *leaf, uint32_t *at)
{
    struct import_node node = {.feature = IMPORT_LEAF};
    double *const value = import_add_leaf(d->x, t, &node.yes);

    *at = import_add_node(t, node);
    return import_json_number(&d->j, leaf, "leaf", -1e30, 1e30, value);
}

/* The child whose nodeid the node gives under this name. */
static const json_t *child(const json_t *node, const char *which)
{
    const json_t *const children = json_object_get(node, "children");
    const json_t *const id = json_object_get(node, which);

    for (size_t i = 0; json_is_number(id) && i < json_array_size(children); i++) {
        const json_t *const c = json_array_get(children, i);
        if (json_number_value(json_object_get(c, "nodeid")) == json_number_value(id))
            return c;
    }
    return NULL;
}

static bool dump_split(struct dump *d, struct import_tree *t, const json_t *node, uint32_t *at)
{
    const char *const name = json_string_value(json_object_get(node, "split"));
    const json_t *const condition = json_object_get(node, "split_condition");
    struct import_node split = {0};

    if (!name)
        return import_json_fail(&d->j, "a node has neither 'leaf' nor 'split'");
    if (json_is_array(condition) || !condition)
        return import_json_fail(
            &d->j, "feature '%.100s' is split by categories, which no threshold can say", name);
    if (!find_feature(d, name, &split.feature) ||
        !import_json_number(&d->j, condition, "split_condition", -1e38, 1e38, &split.threshold))
        return false;
    const json_t *const yes = child(node, "yes"), *const no = child(node, "no");
    if (!yes || !no)
        return import_json_fail(&d->j, "a split of '%.100s' lacks its children", name);
    *at = import_add_node(t, split);
    uint32_t first, second;
    if (!dump_node(d, t, yes, &first) || !dump_node(d, t, no, &second))
        return false;
    t->nodes[*at].yes = first;
    t->nodes[*at].no = second;
    return true;
}

/* As deep as the JSON, whose depth jansson limits. */
static bool dump_node(struct dump *d, struct import_tree *t, const json_t *node, uint32_t *at)
{
    const json_t *const leaf = json_object_get(node, "leaf");

    return leaf ? dump_leaf(d, t, leaf, at) : dump_split(d, t, node, at);
}

static bool read_dump(struct dump *d, const json_t *json, const struct import_options *o)
{
    struct import *const x = d->x;
    uint32_t root;

    if (o->features) {
        x->features = import_names(o->features, &x->n_features);
        d->given = true;
    }
    x->n_classes = 2;
    for (const char *p = o->classes ? strchr(o->classes, ',') : NULL; p; p = strchr(p + 1, ','))
        x->n_classes += p != strchr(o->classes, ',');
    if (json_array_size(json) % (x->n_classes == 2 ? 1 : x->n_classes) != 0)
        return import_json_fail(&d->j, "%zu trees are not as many for each of %zu classes",
                                json_array_size(json), x->n_classes);
    if (x->n_classes == 2)
        set_base(x, o->base_score);
    for (size_t i = 0; i < json_array_size(json); i++) {
        struct import_tree *const t = import_add_tree(x);
        t->class_index = x->n_classes == 2 ? 1 : (uint32_t)(i % x->n_classes);
        if (!dump_node(d, t, json_array_get(json, i), &root))
            return false;
    }
    return true;
}

/* ---- Models ---- */

static char *numbered(size_t n)
{
    struct textbuf t = {0};

    textbuf_printf(&t, "f%zu", n);
    return t.p;
}

/* The i-th number of one of a tree's lists. */
static bool number_at(const struct import_json *j, const json_t *tree, const char *list, size_t i,
                      double min, double max, double *v)
{
    return import_json_number(j, json_array_get(json_object_get(tree, list), i), list, min, max, v);
}

static bool model_node(struct import *x, struct import_tree *t, const json_t *tree, size_t i,
                       size_t n, const struct import_json *j)
{
    struct import_node node = {0};
    double yes, no, feature, condition;

    if (!number_at(j, tree, "left_children", i, -1, (double)n - 1, &yes) ||
        !number_at(j, tree, "split_conditions", i, -1e38, 1e38, &condition))
        return false;
    if (yes < 0) {
        node.feature = IMPORT_LEAF;
        *import_add_leaf(x, t, &node.yes) = condition;
    } else {
        const json_t *const type = json_array_get(json_object_get(tree, "split_type"), i);
        if (type && json_number_value(type) != 0)
            return import_json_fail(
                j, "node %zu is split by categories, which no threshold can say", i);
        if (!number_at(j, tree, "right_children", i, 0, (double)n - 1, &no) ||
            !number_at(j, tree, "split_indices", i, 0, (double)x->n_features - 1, &feature))
            return false;
        node.yes = (uint32_t)yes;
        node.no = (uint32_t)no;
        node.feature = (int32_t)feature;
        node.threshold = condition;
    }
    (void)import_add_node(t, node);
    return true;
}

static bool model_trees(struct import *x, const json_t *model, const struct import_json *j)
{
    const json_t *const trees = json_object_get(model, "trees");
    const json_t *const info = json_object_get(model, "tree_info");

    for (size_t k = 0; k < json_array_size(trees); k++) {
        const json_t *const tree = json_array_get(trees, k);
        const size_t n = json_array_size(json_object_get(tree, "left_children"));
        struct import_tree *const t = import_add_tree(x);
        double class;
        if (!import_json_number(j, json_array_get(info, k), "tree_info", 0,
                                (double)x->n_classes - 1, &class))
            return false;
        t->class_index = (uint32_t) class;
        for (size_t i = 0; i < n; i++)
            if (!model_node(x, t, tree, i, n, j))
                return false;
    }
    return true;
}

/* The names of --features, or the model's, or f0, f1…. */
static bool model_features(struct import *x, const json_t *learner, const char *list,
                           const struct import_json *j)
{
    const json_t *const param = json_object_get(learner, "learner_model_param");
    const json_t *const names = json_object_get(learner, "feature_names");
    double n;

    if (!import_json_number(j, json_object_get(param, "num_feature"), "num_feature", 1,
                            MODEL_MAX_FEATURES, &n))
        return false;
    if (list) {
        x->features = import_names(list, &x->n_features);
    } else if (json_array_size(names) > 0) {
        if (!import_json_names(j, names, "feature_names", &x->features, &x->n_features))
            return false;
    } else {
        x->features = mem_zero((size_t)n, sizeof(char *));
        for (; x->n_features < (size_t)n; x->n_features++)
            x->features[x->n_features] = numbered(x->n_features);
    }
    return x->n_features == (size_t)n ||
           import_json_fail(j, "the model has %zu features, and there are %zu names", (size_t)n,
                            x->n_features);
}

/* What each of several classes begins with, as XGBoost says it since 3.1: "[-1.5E0,2E-1,5E-1]". One
 * number for all of them changes no verdict. */
static bool class_bases(struct import *x, const json_t *list, const struct import_json *j)
{
    const char *const text = json_string_value(list), *p = text;
    bool good = true;

    if (!text || *text != '[' || !strchr(text, ','))
        return true;
    x->bases = mem_zero(x->n_classes, sizeof *x->bases);
    for (size_t i = 0; i < x->n_classes && good; i++) {
        const size_t n = strcspn(++p, ",]");
        good = num_f64(p, n, &x->bases[i]) == NUM_OK && fabs(x->bases[i]) <= 1e30 &&
               p[n] == (i + 1 < x->n_classes ? ',' : ']');
        p += n;
    }
    return (good && !p[1]) ||
           import_json_fail(j,
                            "'base_score' is '%.40s', which is no number for each of %zu classes",
                            text, x->n_classes);
}

static bool model_classes(struct import *x, const json_t *learner, const struct import_json *j)
{
    const json_t *const param = json_object_get(learner, "learner_model_param");
    const char *const objective =
        json_string_value(json_object_get(json_object_get(learner, "objective"), "name"));
    double n, base;

    if (!objective || !import_json_number(j, json_object_get(param, "num_class"), "num_class", 0,
                                          MODEL_MAX_CLASSES, &n))
        return objective || import_json_fail(j, "there is no objective");
    const bool multi = strncmp(objective, "multi:soft", 10) == 0;
    if (!multi && strcmp(objective, "binary:logistic") != 0)
        return import_json_fail(j,
                                "its objective is %.60s; those that tell classes are "
                                "binary:logistic, multi:softmax and multi:softprob",
                                objective);
    const size_t classes = multi ? (size_t)n : 2;
    x->n_classes = classes;
    if (classes < 2)
        return import_json_fail(j, "num_class is %zu", classes);
    if (multi)
        return class_bases(x, json_object_get(param, "base_score"), j);
    if (!import_json_number(j, json_object_get(param, "base_score"), "base_score", 1e-30, 1 - 1e-16,
                            &base))
        return false;
    set_base(x, base);
    return true;
}

/* Where XGBClassifier stopped early, it asks the trees up to the best iteration only; a Booster
 * asks all. Trees stand in order of iteration, `classes` times num_parallel_tree in each. */
static bool drop_late_trees(struct import *x, const json_t *learner, size_t classes,
                            const struct import_json *j)
{
    const json_t *const attributes = json_object_get(learner, "attributes");
    const json_t *const best = json_object_get(attributes, "best_iteration");
    const json_t *const model =
        json_object_get(json_object_get(learner, "gradient_booster"), "model");
    const json_t *const parallel =
        json_object_get(json_object_get(model, "gbtree_model_param"), "num_parallel_tree");
    double last, beside = 1;

    if (!best || !json_object_get(attributes, "scikit_learn"))
        return true;
    if (!import_json_number(j, best, "best_iteration", 0, MODEL_MAX_TREES, &last) ||
        (parallel &&
         !import_json_number(j, parallel, "num_parallel_tree", 1, MODEL_MAX_TREES, &beside)))
        return false;
    const size_t keep = ((size_t)last + 1) * (size_t)beside * classes;
    for (; x->n_trees > keep; x->late++) {
        const struct import_tree *const t = &x->trees[--x->n_trees];
        free(t->nodes);
        free(t->values);
    }
    return true;
}

static bool read_model(struct import *x, const json_t *json, const struct import_options *o,
                       const struct import_json *j)
{
    const json_t *const learner = json_object_get(json, "learner");
    const json_t *const booster = json_object_get(learner, "gradient_booster");
    const char *const kind = json_string_value(json_object_get(booster, "name"));

    if (!learner || !kind)
        return import_json_fail(j, "JSON, but no model or dump of XGBoost's");
    if (strcmp(kind, "gbtree") != 0)
        return import_json_fail(j, "its booster is %.40s; only gbtree is a sum of trees", kind);
    if (!model_features(x, learner, o->features, j) || !model_classes(x, learner, j) ||
        !model_trees(x, json_object_get(booster, "model"), j))
        return false;
    /* Of two classes in one margin, it is the second's. */
    const json_t *const objective = json_object_get(learner, "objective");
    const bool one_margin =
        strcmp(json_string_value(json_object_get(objective, "name")), "binary:logistic") == 0;
    for (size_t i = 0; i < x->n_trees && one_margin; i++)
        x->trees[i].class_index = 1;
    return drop_late_trees(x, learner, one_margin ? 1 : x->n_classes, j);
}

struct import *import_xgboost(const void *json, const char *name, const struct import_options *o,
                              struct err *e)
{
    struct dump d = {.x = import_new("XGBoost", IMPORT_FLOAT_BELOW), .j = {name, e}};

    if (json_is_array((const json_t *)json) ? read_dump(&d, json, o)
                                            : read_model(d.x, json, o, &d.j))
        return d.x;
    import_free(d.x);
    return NULL;
}
