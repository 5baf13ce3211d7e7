#include "shape.h"

#include "mem.h"

#include <stdint.h>
#include <stdlib.h>

enum {
    /* Leaves. As fast as the walk, and easier to read, but clang takes 8 s for 10,000. */
    MOST_BRANCHES = 2000,
    DEEPEST_BRANCHES = 200,

    /* A program has 256 functions at most (BPF_MAX_SUBPROGS): beside the trees the program itself,
     * read_packet, its two steps, add and most. */
    MOST_TREES = 250,
    /* The verifier keeps 8,192 jumps in mind at most (BPF_COMPLEXITY_LIMIT_JMP_SEQ): three a level
     * of a walk, two a class where votes are compared. */
    MOST_DEPTH = 2700,
    MOST_FOREST_CLASSES = 4000,
    /* A jump's offset has 16 bits with a sign. */
    MOST_JUMP = 32767,
    /* The verifier's budget (BPF_COMPLEXITY_LIMIT_INSNS), and what of it is spent: at most, as
     * measured (doc/figures.md), on all but the trees, on each tree, level and class. */
    MOST_VERIFIED = 1000000,
    VERIFIED_BASE = 20000,
    VERIFIED_TREE = 150,
    VERIFIED_LEVEL = 88,
    VERIFIED_CLASS = 110,
};

size_t shape_depth(const struct tree *t)
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

bool shape_walks(const struct model *m, enum code_style style)
{
    size_t leaves = 0;
    bool deep = false;

    if (style != CODE_AUTO)
        return style == CODE_WALK;
    for (size_t k = 0; k < m->n_trees; k++) {
        leaves += m->trees[k].n_leaves;
        deep |= shape_depth(&m->trees[k]) > DEEPEST_BRANCHES;
    }
    return deep || leaves > MOST_BRANCHES;
}

/* The most instructions that clang makes of a tree's branches: a load, a jump, and two for a
 * threshold that does not fit the jump; two for a leaf. */
static uint64_t branch_length(const struct tree *t)
{
    uint64_t n = 2 * (uint64_t)t->n_leaves;

    for (size_t i = 0; i < t->n_nodes; i++)
        if (t->nodes[i].feature != TREE_LEAF)
            n += t->nodes[i].threshold > INT32_MAX ? 4 : 2;
    return n;
}

static bool tree_fits(const struct model *m, size_t k, bool walk, struct err *e)
{
    const size_t depth = shape_depth(&m->trees[k]);
    const uint64_t length = branch_length(&m->trees[k]);

    if (depth > MOST_DEPTH)
        return err_set(e,
                       "tree %zu is %zu levels deep, and the kernel's verifier follows %d at most: "
                       "dt-train --max-depth=%d grows a model that fits",
                       k + 1, depth, MOST_DEPTH, MOST_DEPTH);
    if (!walk && length > MOST_JUMP)
        return err_set(e,
                       "tree %zu takes up to %ju instructions as branches, and the kernel's jumps "
                       "reach %d: --code=walk has no such limit",
                       k + 1, (uintmax_t)length, MOST_JUMP);
    return true;
}

bool shape_fits(const struct model *m, enum code_style style, struct err *e)
{
    const bool walk = shape_walks(m, style);
    uint64_t verified = VERIFIED_BASE;

    if (m->n_trees > MOST_TREES)
        return err_set(e,
                       "the model has %zu trees, and the kernel takes functions for %d at most: "
                       "dt-train --trees=%d grows a model that fits",
                       m->n_trees, MOST_TREES, MOST_TREES);
    if (m->n_trees > 1 && m->n_classes > MOST_FOREST_CLASSES)
        return err_set(e,
                       "the model is a forest with %zu classes, and the kernel's verifier follows "
                       "votes for %d at most: a single tree has no such limit",
                       m->n_classes, MOST_FOREST_CLASSES);
    for (size_t k = 0; k < m->n_trees; k++) {
        if (!tree_fits(m, k, walk, e))
            return false;
        verified += VERIFIED_TREE + VERIFIED_LEVEL * (uint64_t)shape_depth(&m->trees[k]);
    }
    if (m->n_trees > 1)
        verified += VERIFIED_CLASS * (uint64_t)m->n_classes;
    if (walk && verified > MOST_VERIFIED)
        return err_set(e,
                       "the kernel's verifier looks at up to %ju instructions for so many trees of "
                       "such depth, and its limit is %d: fewer trees (dt-train --trees) or lower "
                       "ones (--max-depth) fit",
                       (uintmax_t)verified, MOST_VERIFIED);
    return true;
}
