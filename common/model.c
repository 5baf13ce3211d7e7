#include "model.h"

#include "feature.h"
#include "mem.h"
#include "num.h"

#include <stdlib.h>
#include <string.h>

void model_free(struct model *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->n_features; i++)
        free(m->features[i].name);
    for (size_t i = 0; i < m->n_classes; i++)
        free(m->classes[i].name);
    for (size_t i = 0; i < m->n_trees; i++) {
        free(m->trees[i].nodes);
        free(m->trees[i].leaves);
        free(m->trees[i].rows);
    }
    free(m->features);
    free(m->classes);
    free(m->trees);
    free(m->made);
    free(m->label);
    free(m->weights);
    free(m);
}

uint64_t model_feature_max(const char *name, unsigned bits)
{
    const struct feature *const f = feature_find(name);

    if (f && f->bits == bits)
        return f->max;
    return (UINT64_C(1) << bits) - 1;
}

uint32_t model_vote_max(const struct model *m)
{
    return m->votes > 0 ? m->votes : MODEL_VOTE_MAX;
}

static double weighted(const struct model *m, const struct class_rows *c)
{
    return m->classes[c->class_index].weight * (double)c->rows;
}

static uint32_t leaf_verdict(const struct model *m, const struct tree *t,
                             const struct tree_leaf *leaf)
{
    const struct class_rows *const rows = t->rows + leaf->first;
    size_t best = 0;

    for (size_t i = 1; i < leaf->n; i++)
        if (weighted(m, &rows[i]) > weighted(m, &rows[best]))
            best = i;
    return rows[best].class_index;
}

void model_close(struct model *m)
{
    for (size_t i = 0; i < m->n_trees; i++) {
        struct tree *const t = &m->trees[i];
        for (size_t k = 0; k < t->n_leaves; k++)
            t->leaves[k].verdict = leaf_verdict(m, t, &t->leaves[k]);
    }
}

uint32_t tree_leaf_of(const struct tree *t, const uint64_t *row)
{
    const struct tree_node *const nodes = t->nodes;
    uint32_t i = 0;

    while (nodes[i].feature != TREE_LEAF)
        i = row[nodes[i].feature] <= nodes[i].threshold ? i + 1 : nodes[i].next;
    return nodes[i].next;
}

/* sum: the weighted rows of the leaf. */
static uint32_t votes_of(const struct model *m, const struct class_rows *c, double sum)
{
    if (m->votes > 0)
        return (uint32_t)c->rows;
    return (uint32_t)(MODEL_VOTE_MAX * weighted(m, c) / sum + 0.5);
}

void model_votes(const struct model *m, const struct tree *t, uint32_t leaf, uint32_t *votes)
{
    const struct tree_leaf *const l = &t->leaves[leaf];
    double sum = 0;

    for (size_t i = 0; i < l->n; i++)
        sum += weighted(m, &t->rows[l->first + i]);
    memset(votes, 0, m->n_classes * sizeof *votes);
    for (size_t i = 0; i < l->n; i++) {
        const struct class_rows *const c = &t->rows[l->first + i];
        votes[c->class_index] = votes_of(m, c, sum);
    }
}

/* Adds what model_votes() would give, without visiting the classes that are not in the leaf. */
static void add_votes(const struct model *m, const struct tree *t, uint32_t leaf, uint64_t *sums)
{
    const struct tree_leaf *const l = &t->leaves[leaf];
    double sum = 0;

    for (size_t i = 0; i < l->n; i++)
        sum += weighted(m, &t->rows[l->first + i]);
    for (size_t i = 0; i < l->n; i++) {
        const struct class_rows *const c = &t->rows[l->first + i];
        sums[c->class_index] += votes_of(m, c, sum);
    }
}

uint32_t model_predict(const struct model *m, const uint64_t *row, uint64_t *sums)
{
    if (m->n_trees == 1)
        return m->trees[0].leaves[tree_leaf_of(&m->trees[0], row)].verdict;
    memset(sums, 0, m->n_classes * sizeof *sums);
    for (size_t i = 0; i < m->n_trees; i++)
        add_votes(m, &m->trees[i], tree_leaf_of(&m->trees[i], row), sums);
    uint32_t best = 0;
    for (uint32_t c = 1; c < m->n_classes; c++)
        if (sums[c] > sums[best])
            best = c;
    return best;
}

/* Writing. */

enum { DEEPEST_INDENT = 60 };

static void write_leaf(const struct tree *t, const struct tree_leaf *leaf, struct out *o)
{
    out_text(o, "leaf");
    for (size_t i = 0; i < leaf->n; i++) {
        const struct class_rows *const c = &t->rows[leaf->first + i];
        char *p = out_reserve(o, 2 * NUM_U64_MAX + 2);
        *p++ = ' ';
        p = num_put_u64(p, c->class_index + 1);
        *p++ = ':';
        out_advance(o, num_put_u64(p, c->rows));
    }
    out_text(o, "\n");
}

static void write_tree(const struct model *m, const struct tree *t, struct out *o)
{
    static const char blanks[DEEPEST_INDENT + 1] =
        "                                                            ";
    uint32_t *const open = mem_alloc(t->n_nodes, sizeof *open); /* the no branches to come */
    size_t depth = 0, n_open = 0;
    uint32_t *const depths = mem_alloc(t->n_nodes, sizeof *depths);

    out_printf(o, "tree %zu\n", t->n_nodes);
    for (size_t i = 0; i < t->n_nodes; i++) {
        const struct tree_node *const node = &t->nodes[i];
        if (n_open > 0 && open[n_open - 1] == i)
            depth = depths[--n_open];
        out_bytes(o, blanks, depth < DEEPEST_INDENT ? depth : DEEPEST_INDENT);
        if (node->feature == TREE_LEAF) {
            write_leaf(t, &t->leaves[node->next], o);
            continue;
        }
        out_printf(o, "split %llu %s\n", (unsigned long long)node->threshold,
                   m->features[node->feature].name);
        open[n_open] = node->next;
        depths[n_open++] = (uint32_t)++depth;
    }
    free(open);
    free(depths);
}

void model_write(const struct model *m, struct out *o)
{
    static const char *const rounds[] = {"", "floor", "nearest"};

    out_text(o, "weir-tree 1\n");
    out_printf(o, "made %s\n", m->made);
    out_printf(o, "seed %llu\n", (unsigned long long)m->seed);
    out_printf(o, "rows %llu\n", (unsigned long long)m->rows);
    out_printf(o, "label %s\n", m->label);
    if (m->has_missing)
        out_printf(o, "missing %llu\n", (unsigned long long)m->missing);
    if (m->round != ROUND_REFUSE)
        out_printf(o, "round %s\n", rounds[m->round]);
    out_printf(o, "weights %s\n", m->weights);
    if (m->votes > 0)
        out_printf(o, "votes %u\n", m->votes);
    for (size_t i = 0; i < m->n_features; i++)
        out_printf(o, "feature %u %s\n", m->features[i].bits, m->features[i].name);
    for (size_t i = 0; i < m->n_classes; i++)
        out_printf(o, "class %llu %.17g %s\n", (unsigned long long)m->classes[i].rows,
                   m->classes[i].weight, m->classes[i].name);
    out_printf(o, "trees %zu\n", m->n_trees);
    for (size_t i = 0; i < m->n_trees; i++)
        write_tree(m, &m->trees[i], o);
}
