#include "select.h"

#include "budget.h"
#include "prune.h"

static double total_weight(const struct model *m)
{
    double sum = 0;

    for (size_t i = 0; i < m->n_classes; i++)
        sum += m->classes[i].weight * (double)m->classes[i].rows;
    return sum;
}

void select_splits(struct grown *g, const struct options *o, const struct model *m,
                   size_t max_leaves)
{
    /* In a forest leaves vote, with shares that differ even where their verdicts agree. */
    const bool merge = o->merge && o->trees == 1;

    if (max_leaves < SIZE_MAX)
        budget_best_first(g, max_leaves, merge);
    if (o->ccp_alpha > 0)
        prune_cost_complexity(g, o->ccp_alpha, total_weight(m));
    if (merge)
        prune_same_verdict(g);
}
