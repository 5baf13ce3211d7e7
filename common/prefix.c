#include "prefix.h"

#include "mem.h"

#include <stdlib.h>

uint64_t prefix_top(unsigned bits)
{
    return UINT64_MAX >> (64 - bits);
}

size_t prefix_cover(struct interval range, unsigned bits, struct masked *out)
{
    const uint64_t top = prefix_top(bits);
    uint64_t low = range.low;
    size_t n = 0;

    for (;;) {
        /* The largest block of 2^k values that starts at low and ends within the range. */
        uint64_t last = 0; /* the block less 1 */
        while (last < top && (low & (2 * last + 1)) == 0 && 2 * last + 1 <= range.high - low)
            last = 2 * last + 1;
        if (out)
            out[n] = (struct masked){low, top & ~last};
        n++;
        if (range.high - low == last)
            return n;
        low += last + 1;
    }
}

size_t prefix_cover_count(struct interval range, unsigned bits)
{
    return prefix_cover(range, bits, NULL);
}

bool prefix_range(struct masked m, unsigned bits, struct interval *range)
{
    const uint64_t top = prefix_top(bits);
    const uint64_t free_bits = top & ~m.mask;

    if ((free_bits & (free_bits + 1)) != 0)
        return false;
    *range = (struct interval){m.value & m.mask, (m.value & m.mask) | free_bits};
    return true;
}

/* The binary trie over the key, cut off where a prefix lies within one step, is a tree whose
 * thresholds are the middles of prefixes; its boxes are prefixes. */
struct trie {
    struct tree tree;
    uint32_t *steps; /* of each leaf */
    size_t cap_nodes, cap_leaves;
    const uint64_t *thresholds;
};

/* Adds the prefix [low, low + last]; its values are above `from` thresholds at least and `to` at
 * most. */
static void add_prefix(struct trie *t, uint64_t low, uint64_t last, size_t from, size_t to)
{
    const size_t node = t->tree.n_nodes++;

    t->tree.nodes = mem_grow(t->tree.nodes, &t->cap_nodes, t->tree.n_nodes, sizeof *t->tree.nodes);
    if (from == to) {
        t->steps = mem_grow(t->steps, &t->cap_leaves, t->tree.n_leaves + 1, sizeof *t->steps);
        t->steps[t->tree.n_leaves] = (uint32_t)from;
        t->tree.nodes[node] =
            (struct tree_node){.feature = TREE_LEAF, .next = (uint32_t)t->tree.n_leaves++};
        return;
    }
    const uint64_t half = last / 2;
    size_t below_middle = from; /* thresholds that the upper half is above */
    size_t within = from;       /* thresholds that some value of the lower half is above */
    while (below_middle < to && t->thresholds[below_middle] <= low + half)
        below_middle++;
    while (within < to && t->thresholds[within] < low + half)
        within++;
    add_prefix(t, low, half, from, within);
    const size_t next = t->tree.n_nodes;
    add_prefix(t, low + half + 1, half, below_middle, to);
    t->tree.nodes[node] = (struct tree_node){.threshold = low + half, .next = (uint32_t)next};
}

uint32_t prefix_steps(const uint64_t *thresholds, size_t n, unsigned bits, boxes_fn *fn,
                      void *context)
{
    const uint64_t top = prefix_top(bits);
    struct trie t = {.thresholds = thresholds};

    add_prefix(&t, 0, top, 0, n);
    const struct boxes_input in = {
        .tree = &t.tree,
        .outcomes = t.steps,
        .tops = &top,
        .n_features = 1,
        .mode = BOXES_BEST,
    };
    const uint32_t outcome = boxes_list(&in, fn, context);
    free(t.tree.nodes);
    free(t.steps);
    return outcome;
}
