/* What scripts/sklearn-export writes: arrays as scikit-learn's trees have them. */
#include "import.h"
#include "import_json.h"
#include "mem.h"

#include <string.h>

static bool read_leaf(struct import *x, struct import_tree *t, const json_t *value,
                      struct import_node *node, const struct import_json *j)
{
    if (json_array_size(value) != x->n_classes)
        return import_json_fail(j, "a leaf's 'value' has a number for each class");
    double *const values = import_add_leaf(x, t, &node->yes);
    for (size_t c = 0; c < x->n_classes; c++)
        if (!import_json_number(j, json_array_get(value, c), "value", 0, 1e15, &values[c]))
            return false;
    node->feature = IMPORT_LEAF;
    return true;
}

static bool read_node(struct import *x, struct import_tree *t, const json_t *tree, size_t i,
                      const struct import_json *j)
{
    const json_t *const left = json_array_get(json_object_get(tree, "left"), i);
    const size_t n = json_array_size(json_object_get(tree, "left"));
    struct import_node node = {0};
    double v;

    if (!import_json_number(j, left, "left", -1, (double)n - 1, &v))
        return false;
    if (v < 0) {
        if (!read_leaf(x, t, json_array_get(json_object_get(tree, "value"), i), &node, j))
            return false;
    } else {
        double no, feature;
        if (!import_json_number(j, json_array_get(json_object_get(tree, "right"), i), "right", 0,
                                (double)n - 1, &no) ||
            !import_json_number(j, json_array_get(json_object_get(tree, "feature"), i), "feature",
                                0, (double)x->n_features - 1, &feature) ||
            !import_json_number(j, json_array_get(json_object_get(tree, "threshold"), i),
                                "threshold", -1e300, 1e300, &node.threshold))
            return false;
        node.yes = (uint32_t)v;
        node.no = (uint32_t)no;
        node.feature = (int32_t)feature;
    }
    (void)import_add_node(t, node);
    return true;
}

static bool read_all(struct import *x, const json_t *json, const struct import_json *j)
{
    const json_t *const trees = json_object_get(json, "trees");

    if (!import_json_names(j, json_object_get(json, "features"), "features", &x->features,
                           &x->n_features) ||
        !import_json_names(j, json_object_get(json, "classes"), "classes", &x->classes,
                           &x->n_classes))
        return false;
    if (json_array_size(trees) == 0 || x->n_classes == 0)
        return import_json_fail(j, "there are no 'trees', or no 'classes'");
    x->width = x->n_classes;
    for (size_t k = 0; k < json_array_size(trees); k++) {
        const json_t *const tree = json_array_get(trees, k);
        const size_t n = json_array_size(json_object_get(tree, "left"));
        struct import_tree *const t = import_add_tree(x);
        if (n == 0)
            return import_json_fail(j, "tree %zu has no nodes", k + 1);
        for (size_t i = 0; i < n; i++)
            if (!read_node(x, t, tree, i, j))
                return false;
    }
    return true;
}

struct import *import_sklearn(const void *json, const char *name, struct err *e)
{
    const struct import_json j = {name, e};
    struct import *const x = import_new("scikit-learn", IMPORT_FLOAT_AT_MOST);

    x->counts = true;
    if (read_all(x, json, &j))
        return x;
    import_free(x);
    return NULL;
}
