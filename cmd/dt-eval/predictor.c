#include "predictor.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct predictor {
    const struct model *m;
    uint32_t **votes; /* tree by tree, beside its rows: the votes of each class in a leaf */
};

static uint32_t *tree_votes(const struct model *m, const struct tree *t)
{
    uint32_t *const votes = mem_alloc(t->n_rows, sizeof *votes);
    uint32_t *const by_class = mem_alloc(m->n_classes, sizeof *by_class);

    for (uint32_t i = 0; i < t->n_leaves; i++) {
        const struct tree_leaf *const leaf = &t->leaves[i];
        model_votes(m, t, i, by_class);
        for (size_t k = leaf->first; k < leaf->first + leaf->n; k++)
            votes[k] = by_class[t->rows[k].class_index];
    }
    free(by_class);
    return votes;
}

struct predictor *predictor_new(const struct model *m)
{
    struct predictor *const p = mem_zero(1, sizeof *p);

    p->m = m;
    p->votes = mem_zero(m->n_trees, sizeof *p->votes);
    for (size_t i = 0; i < m->n_trees; i++)
        p->votes[i] = tree_votes(m, &m->trees[i]);
    return p;
}

void predictor_free(struct predictor *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->m->n_trees; i++)
        free(p->votes[i]);
    free(p->votes);
    free(p);
}

enum { LANES = 8 };

/* The leaves that n <= LANES rows reach. The rows go down side by side: a big tree is not in the
 * cache, and so the processor waits for the nodes of all rows at the same time. */
static void leaves_of(const struct tree *t, const uint64_t *rows, size_t width, size_t n,
                      uint32_t *leaves)
{
    const struct tree_node *const nodes = t->nodes;
    uint32_t at[LANES] = {0};
    size_t open = n;

    while (open > 0) {
        open = 0;
        for (size_t k = 0; k < n; k++) {
            const struct tree_node *const node = &nodes[at[k]];
            if (node->feature == TREE_LEAF)
                continue;
            /* Which way is a coin toss to the processor: no branch, so nothing to mispredict. */
            const uint32_t yes = -(uint32_t)(rows[k * width + node->feature] <= node->threshold);
            at[k] = (yes & (at[k] + 1)) | (~yes & node->next);
            open++;
        }
    }
    for (size_t k = 0; k < n; k++)
        leaves[k] = nodes[at[k]].next;
}

/* Adds the votes of a tree to those of n <= LANES rows. */
static void add_votes(const struct predictor *p, size_t tree, const uint32_t *leaves, size_t n,
                      uint32_t *votes)
{
    const struct tree *const t = &p->m->trees[tree];

    for (size_t k = 0; k < n; k++) {
        const struct tree_leaf *const leaf = &t->leaves[leaves[k]];
        for (size_t i = leaf->first; i < leaf->first + leaf->n; i++)
            votes[k * p->m->n_classes + t->rows[i].class_index] += p->votes[tree][i];
    }
}

static uint32_t greatest(const uint32_t *votes, size_t n)
{
    uint32_t best = 0;

    for (uint32_t c = 1; c < n; c++)
        if (votes[c] > votes[best])
            best = c;
    return best;
}

void predictor_rows(const struct predictor *p, const uint64_t *rows, size_t n, uint32_t *verdicts,
                    uint32_t *votes)
{
    const struct model *const m = p->m;
    uint32_t leaves[LANES];

    if (votes)
        memset(votes, 0, n * m->n_classes * sizeof *votes);
    /* Tree by tree, so that one tree at a time has to be in the cache. */
    for (size_t tree = 0; tree < m->n_trees; tree++) {
        const struct tree *const t = &m->trees[tree];
        for (size_t i = 0; i < n; i += LANES) {
            const size_t lanes = n - i < LANES ? n - i : LANES;
            leaves_of(t, rows + i * m->n_features, m->n_features, lanes, leaves);
            if (votes)
                add_votes(p, tree, leaves, lanes, votes + i * m->n_classes);
            for (size_t k = 0; k < lanes && m->n_trees == 1; k++)
                verdicts[i + k] = t->leaves[leaves[k]].verdict;
        }
    }
    for (size_t i = 0; i < n && m->n_trees > 1; i++)
        verdicts[i] = greatest(votes + i * m->n_classes, m->n_classes);
}
