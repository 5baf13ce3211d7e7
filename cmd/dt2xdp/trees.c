#include "trees.h"

#include "mem.h"
#include "parts.h"
#include "shape.h"

#include <stdlib.h>

enum { DEEPEST_INDENT = 20 };

/* What a leaf returns: a tree's class number, in a forest the place of its votes. */
static uint32_t leaf_value(const struct model *m, const struct tree *t, uint32_t leaf)
{
    return m->n_trees == 1 ? t->leaves[leaf].verdict + 1 : leaf;
}

static void put_indent(struct out *out, size_t depth)
{
    for (size_t i = 0; i < depth && i < DEEPEST_INDENT; i++)
        out_text(out, "    ");
}

/* In preorder: a split opens a block for its yes branch; the no branch comes after the block. */
static void put_branches(const struct model *m, const struct tree *t, struct out *out)
{
    uint32_t *const open = mem_alloc(t->n_nodes, sizeof *open);
    size_t n_open = 0;

    for (uint32_t i = 0; i < t->n_nodes; i++) {
        const struct tree_node *const node = &t->nodes[i];
        while (n_open > 0 && open[n_open - 1] == i) {
            put_indent(out, n_open--);
            out_text(out, "}\n");
        }
        put_indent(out, n_open + 1);
        if (node->feature == TREE_LEAF) {
            out_printf(out, "return %u;\n", leaf_value(m, t, node->next));
            continue;
        }
        out_printf(out, "if (f->%s <= %llu) {\n", m->features[node->feature].name,
                   (unsigned long long)node->threshold);
        open[n_open++] = node->next;
    }
    free(open);
}

/* Trees are weak, so that the compiler does not take from them which leaves there are, and leave
 * out the check that the verifier wants. */
static void put_branch_tree(const struct model *m, size_t k, struct out *out)
{
    out_printf(
        out,
        "\n__weak __noinline __u32 tree_%zu(const struct features *f)\n{\n    if (!f)\n        "
        "return 0;\n",
        k + 1);
    put_branches(m, &m->trees[k], out);
    out_text(out, "}\n");
}

static void put_node_type(struct out *out)
{
    out_text(out, "\n/* A node of a tree. */\n"
                  "struct node {\n    __u64 threshold;\n    __u32 next[2]; /* where value <= "
                  "threshold, where it is greater */\n    __u32 feature; /* LEAF: next[0] is what "
                  "the tree says */\n};\n\nenum { LEAF = 0xffff };\n");
}

/* The nodes are no constants: the verifier would follow the walk through their values, to every
 * leaf. For the same reason both ways are read from the node: of a number that it knows nothing of
 * the verifier looks at the next step once, of i + 1 and another one twice, at the step after that
 * four times. */
static void put_walk_tree(const struct model *m, size_t k, struct out *out)
{
    const struct tree *const t = &m->trees[k];

    out_printf(out, "\nstruct node nodes_%zu[%zu] = {\n", k + 1, t->n_nodes);
    for (uint32_t i = 0; i < t->n_nodes; i++) {
        const struct tree_node *const node = &t->nodes[i];
        if (node->feature == TREE_LEAF)
            out_printf(out, "    {0, {%u}, LEAF},\n", leaf_value(m, t, node->next));
        else
            out_printf(out, "    {%llu, {%u, %u}, %u},\n", (unsigned long long)node->threshold,
                       i + 1, node->next, node->feature);
    }
    out_printf(out,
               "};\n\n__weak __noinline __u32 tree_%zu(const struct features *f)\n{\n"
               "    const __u64 *const values = (const __u64 *)f;\n    __u32 i = 0;\n\n"
               "    if (!f)\n        return 0;\n"
               "    for (int depth = 0; depth <= %zu; depth++) {\n"
               "        if (i >= %zu)\n            break;\n"
               "        const struct node *const n = &nodes_%zu[i];\n"
               "        const __u32 feature = n->feature;\n"
               "        if (feature >= FEATURES)\n            return n->next[0];\n"
               "        i = n->next[values[feature] > n->threshold];\n    }\n"
               "    return 0;\n}\n",
               k + 1, shape_depth(t), t->n_nodes, k + 1);
}

/* The votes of a tree's leaves, a row a leaf. */
static void put_votes(const struct model *m, size_t k, struct out *out)
{
    const struct tree *const t = &m->trees[k];
    uint32_t *const votes = mem_alloc(m->n_classes, sizeof *votes);

    out_printf(out, "\nstruct votes votes_%zu[%zu] = {\n", k + 1, t->n_leaves);
    for (uint32_t i = 0; i < t->n_leaves; i++) {
        model_votes(m, t, i, votes);
        for (size_t c = 0; c < m->n_classes; c++)
            out_printf(out, "%s%u", c ? ", " : "    {{", votes[c]);
        out_text(out, "}},\n");
    }
    out_text(out, "};\n");
    free(votes);
}

static void put_forest(const struct model *m, struct out *out)
{
    out_text(out, "\n/* The class with the most votes of all trees; the lowest of equals. */\n"
                  "static __always_inline __u32 classify(const struct features *f)\n{\n"
                  "    const __u32 zero = 0;\n"
                  "    struct sums *const s = bpf_map_lookup_elem(&sums, &zero);\n"
                  "    __u32 leaf;\n\n    if (!s)\n        return 0;\n");
    for (size_t k = 0; k < m->n_trees; k++)
        out_printf(out,
                   "    leaf = tree_%zu(f);\n    if (leaf >= %zu)\n        return 0;\n"
                   "    add(s, &votes_%zu[leaf], %s);\n",
                   k + 1, m->trees[k].n_leaves, k + 1, k == 0 ? "true" : "false");
    out_text(out, "    return most(s);\n}\n");
}

void trees_write(const struct model *m, enum code_style style, struct out *out)
{
    const bool walk = shape_walks(m, style);

    if (walk)
        put_node_type(out);
    if (m->n_trees > 1) {
        out_printf(out, "\ntypedef __u%d vote;\n\n", m->votes > 0 ? 32 : 8);
        out_text(out, part_votes);
    }
    for (size_t k = 0; k < m->n_trees; k++) {
        if (walk)
            put_walk_tree(m, k, out);
        else
            put_branch_tree(m, k, out);
        if (m->n_trees > 1)
            put_votes(m, k, out);
    }
    if (m->n_trees > 1)
        put_forest(m, out);
    else
        out_text(out, "\nstatic __always_inline __u32 classify(const struct features *f)\n{\n"
                      "    return tree_1(f);\n}\n");
}
