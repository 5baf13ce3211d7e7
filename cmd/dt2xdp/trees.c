#include "trees.h"

#include "mem.h"

#include <stdlib.h>

enum {
    /* Leaves. As fast as the walk, and easier to read; but clang takes 18 s for 10,000, and the
     * verifier refuses 20,000. */
    MOST_BRANCHES = 2000,
    DEEPEST_BRANCHES = 200,
    DEEPEST_INDENT = 20,
};

/* What a leaf returns: a tree's class number, in a forest the place of its votes. */
static uint32_t leaf_value(const struct model *m, const struct tree *t, uint32_t leaf)
{
    return m->n_trees == 1 ? t->leaves[leaf].verdict + 1 : leaf;
}

static size_t depth_of(const struct tree *t)
{
    uint32_t *const open = mem_alloc(t->n_nodes, sizeof *open);
    size_t *const depths = mem_alloc(t->n_nodes, sizeof *depths);
    size_t n_open = 0, depth = 0, deepest = 0;

    for (uint32_t i = 0; i < t->n_nodes; i++) {
        if (n_open > 0 && open[n_open - 1] == i)
            depth = depths[--n_open];
        if (t->nodes[i].feature == TREE_LEAF)
            continue;
        open[n_open] = t->nodes[i].next;
        depths[n_open++] = ++depth;
        deepest = depth > deepest ? depth : deepest;
    }
    free(open);
    free(depths);
    return deepest;
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
    out_text(out, "\n/* A node of a tree, in preorder: where value <= threshold, the next node "
                  "comes next. */\n"
                  "struct node {\n    __u64 threshold;\n    __u32 feature; /* LEAF: `next` is what "
                  "the tree says */\n    __u32 next;\n};\n\nenum { LEAF = 0xffff };\n");
}

/* The nodes are no constants: the verifier would follow the walk through their values, to every
 * leaf. */
static void put_walk_tree(const struct model *m, size_t k, struct out *out)
{
    const struct tree *const t = &m->trees[k];

    out_printf(out, "\nstatic struct node nodes_%zu[%zu] = {\n", k + 1, t->n_nodes);
    for (size_t i = 0; i < t->n_nodes; i++) {
        const struct tree_node *const node = &t->nodes[i];
        if (node->feature == TREE_LEAF)
            out_printf(out, "    {0, LEAF, %u},\n", leaf_value(m, t, node->next));
        else
            out_printf(out, "    {%llu, %u, %u},\n", (unsigned long long)node->threshold,
                       node->feature, node->next);
    }
    out_printf(out,
               "};\n\n__weak __noinline __u32 tree_%zu(const struct features *f)\n{\n"
               "    const __u64 *const values = (const __u64 *)f;\n    __u32 i = 0;\n\n"
               "    if (!f)\n        return 0;\n"
               "    for (int depth = 0; depth <= %zu; depth++) {\n"
               "        if (i >= %zu)\n            break;\n"
               "        const struct node *const n = &nodes_%zu[i];\n"
               "        const __u32 feature = n->feature;\n"
               "        if (feature >= FEATURES)\n            return n->next;\n"
               "        i = values[feature] <= n->threshold ? i + 1 : n->next;\n    }\n"
               "    return 0;\n}\n",
               k + 1, depth_of(t), t->n_nodes, k + 1);
}

/* The votes of a tree's leaves, a row a leaf. */
static void put_votes(const struct model *m, size_t k, struct out *out)
{
    const struct tree *const t = &m->trees[k];
    uint32_t *const votes = mem_alloc(m->n_classes, sizeof *votes);

    out_printf(out, "\nstatic const __u8 votes_%zu[%zu][CLASSES] = {\n", k + 1, t->n_leaves);
    for (uint32_t i = 0; i < t->n_leaves; i++) {
        model_votes(m, t, i, votes);
        for (size_t c = 0; c < m->n_classes; c++)
            out_printf(out, "%s%u", c ? ", " : "    {", votes[c]);
        out_text(out, "},\n");
    }
    out_text(out, "};\n");
    free(votes);
}

/* The sums do not stand on the stack, which has room for 512 bytes only. Loops are unrolled so that
 * they are at fixed places: to an address that it has to compute the compiler may do what the
 * verifier forbids. */
static void put_forest(const struct model *m, struct out *out)
{
    out_text(out, "\nstruct sums {\n    __u32 of[CLASSES];\n};\n\nstruct {\n"
                  "    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);\n    __uint(max_entries, 1);\n"
                  "    __type(key, __u32);\n    __type(value, struct sums);\n"
                  "} sums SEC(\".maps\");\n\n"
                  "/* The class with the most votes of all trees; the lowest of equals. */\n"
                  "static __always_inline __u32 classify(const struct features *f)\n{\n"
                  "    const __u32 zero = 0;\n"
                  "    struct sums *const s = bpf_map_lookup_elem(&sums, &zero);\n"
                  "    __u32 best = 0, most, leaf;\n\n    if (!s)\n        return 0;\n");
    for (size_t k = 0; k < m->n_trees; k++)
        out_printf(out,
                   "    leaf = tree_%zu(f);\n    if (leaf >= %zu)\n        return 0;\n"
                   "#pragma unroll\n    for (int i = 0; i < CLASSES; i++)\n"
                   "        s->of[i] %s votes_%zu[leaf][i];\n",
                   k + 1, m->trees[k].n_leaves, k == 0 ? "=" : "+=", k + 1);
    out_text(out, "    most = s->of[0];\n#pragma unroll\n"
                  "    for (int i = 1; i < CLASSES; i++) {\n        if (s->of[i] > most) {\n"
                  "            most = s->of[i];\n            best = i;\n        }\n    }\n"
                  "    return best + 1;\n}\n");
}

static bool walks(const struct model *m, enum code_style style)
{
    size_t leaves = 0;
    bool deep = false;

    if (style != CODE_AUTO)
        return style == CODE_WALK;
    for (size_t k = 0; k < m->n_trees; k++) {
        leaves += m->trees[k].n_leaves;
        deep |= depth_of(&m->trees[k]) > DEEPEST_BRANCHES;
    }
    return deep || leaves > MOST_BRANCHES;
}

void trees_write(const struct model *m, enum code_style style, struct out *out)
{
    const bool walk = walks(m, style);

    if (walk)
        put_node_type(out);
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
