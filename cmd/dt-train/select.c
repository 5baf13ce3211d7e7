#include "select.h"

#include "budget.h"
#include "fewest_errors.h"
#include "prune.h"

static double total_weight(const struct model *m)
{
    double sum = 0;

    for (size_t i = 0; i < m->n_classes; i++)
        sum += m->classes[i].weight * (double)m->classes[i].rows;
    return sum;
}

static void keep_all(struct grown *g)
{
    for (size_t i = 0; i < g->n; i++)
        g->nodes[i].kept = g->nodes[i].feature != TREE_LEAF;
}

/* A budget that is a small part of the whole tree buys leaves that many rows need: there the fewest
 * errors on the training rows are also the fewest on others. The last leaves of a large budget buy
 * a row or two each, and gain, which sees the whole mix of classes, is the better guide (measured:
 * doc/figures.md). */
enum { FEWEST_ERRORS_SHARE = 4 };

static void spend(struct grown *g, enum spend_kind kind, size_t max_leaves)
{
    keep_all(g);
    prune_same_verdict(g);
    const size_t all = grown_leaves(g);
    if (all <= max_leaves)
        return;
    if (kind == SPEND_AUTO)
        kind = max_leaves <= all / FEWEST_ERRORS_SHARE ? SPEND_ERRORS : SPEND_GAIN;
    if (kind == SPEND_GAIN || !fewest_errors(g, max_leaves))
        budget_best_first(g, max_leaves, true);
}

void select_splits(struct grown *g, const struct options *o, const struct model *m,
                   size_t max_leaves)
{
    /* In a forest leaves vote, with shares that differ even where their verdicts agree. */
    const bool merge = o->merge && o->trees == 1;

    if (max_leaves < SIZE_MAX && merge)
        spend(g, o->spend, max_leaves);
    else if (max_leaves < SIZE_MAX)
        budget_best_first(g, max_leaves, false);
    if (o->ccp_alpha > 0)
        prune_cost_complexity(g, o->ccp_alpha, total_weight(m));
    if (merge)
        prune_same_verdict(g);
}
