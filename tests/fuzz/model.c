/* The reader of tree models on any bytes: what it takes must be whole and sound, so that every row
 * reaches a leaf and every leaf has a class, and must be written without a fault. */
#include "model.h"
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
        if (node->feature == TREE_LEAF) {
            require(node->next < t->n_leaves);
            continue;
        }
        require(node->feature < m->n_features);
        require(node->threshold < m->features[node->feature].max);
        require(node->next > i + 1 && node->next < t->n_nodes);
    }
    for (size_t i = 0; i < t->n_leaves; i++) {
        const struct tree_leaf *const leaf = &t->leaves[i];
        require(leaf->n > 0 && leaf->first + leaf->n <= t->n_rows);
        require(leaf->verdict < m->n_classes);
    }
}

/* Rows at the corners of the domain and at both sides of a threshold. */
static void check_verdicts(const struct model *m)
{
    uint64_t *const row = mem_zero(m->n_features, sizeof *row);
    uint64_t *const sums = mem_zero(m->n_classes, sizeof *sums);
    uint32_t *const votes = mem_zero(m->n_classes, sizeof *votes);

    for (int corner = 0; corner < 4; corner++) {
        for (size_t i = 0; i < m->n_features; i++)
            row[i] = corner & 1 ? m->features[i].max : 0;
        const struct tree_node *const root = &m->trees[0].nodes[0];
        if (corner & 2 && root->feature != TREE_LEAF)
            row[root->feature] = root->threshold + (corner & 1);
        require(model_predict(m, row, sums) < m->n_classes);
        const uint32_t leaf = tree_leaf_of(&m->trees[0], row);
        require(leaf < m->trees[0].n_leaves);
        model_votes(m, &m->trees[0], leaf, votes);
        for (size_t c = 0; c < m->n_classes; c++)
            require(votes[c] <= model_vote_max(m));
    }
    free(row);
    free(sums);
    free(votes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {""};
    struct model *const m = model_read_memory(data, size, "input", &e);

    if (!m) {
        require(e.text[0] && !strchr(e.text, '\n'));
        return 0;
    }
    require(m->n_trees >= 1 && m->n_features >= 1 && m->n_classes >= 1);
    for (size_t i = 0; i < m->n_trees; i++)
        check_tree(m, &m->trees[i]);
    check_verdicts(m);
    struct out *const o = out_open("/dev/null", &e);
    require(o != NULL);
    model_write(m, o);
    require(out_close(o, &e));
    model_free(m);
    return 0;
}
