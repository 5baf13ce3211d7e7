#include "select.h"

#include "budget.h"
#include "cart_prune.h"
#include "fewest_errors.h"
#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>

struct selector {
    struct grown *grown;
    const struct options *options;
    double total_weight;
    bool merge;
    size_t all; /* leaves of the whole tree */
    struct fewest *fewest;
    size_t fewest_leaves; /* what that was solved for; 0: not yet */
};

/* A budget that is a small part of the whole tree buys leaves that many rows need: there the fewest
 * errors on the training rows are also the fewest on others. The last leaves of a large budget buy
 * a row or two each, and gain, which sees the whole mix of classes, is the better guide (measured:
 * doc/figures.md). */
enum { FEWEST_ERRORS_SHARE = 4 };

static void keep_whole(const struct selector *s)
{
    struct grown *const g = s->grown;

    for (size_t i = 0; i < g->n; i++)
        g->nodes[i].kept = g->nodes[i].feature != TREE_LEAF;
    if (s->merge)
        prune_same_verdict(g);
}

struct selector *selector_new(struct grown *g, const struct options *o, const struct model *m)
{
    struct selector *const s = mem_zero(1, sizeof *s);

    s->grown = g;
    s->options = o;
    /* In a forest leaves vote, with shares that differ even where their verdicts agree. */
    s->merge = o->merge && o->trees == 1;
    for (size_t i = 0; i < m->n_classes; i++)
        s->total_weight += m->classes[i].weight * (double)m->classes[i].rows;
    keep_whole(s);
    s->all = grown_leaves(g);
    return s;
}

void selector_free(struct selector *s)
{
    if (!s)
        return;
    fewest_free(s->fewest);
    free(s);
}

size_t selector_all(const struct selector *s)
{
    return s->all;
}

/* One solution serves all smaller budgets too. */
static bool keep_fewest_errors(struct selector *s, size_t max_leaves)
{
    if (max_leaves > s->fewest_leaves) {
        fewest_free(s->fewest);
        s->fewest = fewest_new(s->grown, max_leaves);
        s->fewest_leaves = max_leaves;
    }
    if (s->fewest)
        fewest_apply(s->fewest, s->grown, max_leaves);
    return s->fewest != NULL;
}

static void spend(struct selector *s, size_t max_leaves)
{
    enum spend_kind kind = s->options->spend;

    if (kind == SPEND_AUTO)
        kind = s->options->max_entries < UINT64_MAX || max_leaves <= s->all / FEWEST_ERRORS_SHARE
                   ? SPEND_ERRORS
                   : SPEND_GAIN;
    if (!s->merge || kind == SPEND_GAIN || !keep_fewest_errors(s, max_leaves))
        budget_best_first(s->grown, max_leaves, s->merge);
}

void selector_keep(struct selector *s, size_t max_leaves)
{
    const double alpha = s->options->ccp_alpha;

    if (max_leaves < s->all) {
        spend(s, max_leaves);
    } else {
        keep_whole(s);
    }
    if (alpha > 0)
        prune_cost_complexity(s->grown, alpha, s->total_weight);
    if (s->merge)
        prune_same_verdict(s->grown);
}
