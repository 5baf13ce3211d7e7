/* Models of other programs as any bytes: what is taken becomes a model that is whole and sound. */
#include "import.h"

#include <stdint.h>
#include <stdlib.h>

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_tree(const struct model *m, const struct tree *t)
{
    require(t->n_nodes >= 1 && t->n_leaves == (t->n_nodes + 1) / 2);
    for (size_t i = 0; i < t->n_nodes; i++) {
        const struct tree_node *const node = &t->nodes[i];
        if (node->feature == TREE_LEAF)
            continue;
        require(node->feature < m->n_features);
        require(node->threshold < m->features[node->feature].max);
        require(node->next > i + 1 && node->next < t->n_nodes);
    }
    for (size_t i = 0; i < t->n_leaves; i++)
        require(t->leaves[i].n > 0 && t->leaves[i].verdict < m->n_classes);
    for (size_t i = 0; i < t->n_rows; i++)
        require(t->rows[i].rows > 0 && (m->votes == 0 || t->rows[i].rows <= m->votes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct import_options o = {.base_score = 0.5, .bits = 32, .label = "class"};
    struct import_counts counts;
    struct err e = {""};
    struct import *const x = import_read((const char *)data, size, "input", &o, &e);
    struct model *const m = x ? import_model(x, &o, &counts, "input", &e) : NULL;

    require(m || e.text[0]);
    for (size_t i = 0; m && i < m->n_trees; i++)
        check_tree(m, &m->trees[i]);
    model_free(m);
    import_free(x);
    return 0;
}
