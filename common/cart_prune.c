#include "cart_prune.h"

#include "mem.h"

#include <stdlib.h>

/* A node's branches come after it, so going backwards meets them first. */

void prune_cost_complexity(struct grown *g, double alpha, double total_weight)
{
    double *const cost = mem_alloc(g->n, sizeof *cost);

    for (size_t i = g->n; i-- > 0;) {
        struct grown_node *const node = &g->nodes[i];
        const double as_leaf = node->impurity / total_weight + alpha;
        const double as_split = node->kept ? cost[i + 1] + cost[node->no] : as_leaf;
        /* Sums of many small impurities carry rounding: a difference below it is none. */
        if (node->kept && as_leaf <= as_split * (1 + 1e-12))
            node->kept = false;
        cost[i] = node->kept ? as_split : as_leaf;
    }
    free(cost);
}

void prune_same_verdict(struct grown *g)
{
    for (size_t i = g->n; i-- > 0;) {
        struct grown_node *const node = &g->nodes[i];
        if (!node->kept)
            continue;
        const struct grown_node *const yes = &g->nodes[i + 1], *const no = &g->nodes[node->no];
        if (!yes->kept && !no->kept && yes->verdict == no->verdict && node->verdict == yes->verdict)
            node->kept = false;
    }
}

size_t grown_leaves(const struct grown *g)
{
    size_t *const leaves = mem_alloc(g->n, sizeof *leaves);

    for (size_t i = g->n; i-- > 0;)
        leaves[i] = g->nodes[i].kept ? leaves[i + 1] + leaves[g->nodes[i].no] : 1;
    const size_t n = leaves[0];
    free(leaves);
    return n;
}
