#include "fewest_errors.h"

#include "mem.h"
#include "model.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* One more leaf would not help: the tree of k - 1 leaves is as good. */
#define SAME UINT32_MAX

/* Nodes are visited backwards, branches before what they hang from, and a finished table is only
 * needed by the next node up. So errors stand on a stack: on top those of the yes branch, below
 * them those of the no branch. What was chosen is kept for all nodes. */
struct fewest {
    const struct grown *grown;
    size_t max_leaves;
    size_t *first;     /* by node: where its choices begin */
    size_t *sizes;     /* by node: how many leaves are worth having */
    uint32_t *choices; /* of a node with k leaves: those of the yes branch, 0: be a leaf, or SAME */
    size_t n_choices, cap_choices;
    double *errors; /* the stack */
    size_t n_errors, cap_errors;
    double *sums;    /* scratch: the table in the making, [1, max_leaves] */
    uint32_t *yeses; /* its choices */
};

/* Shares k leaves out to the branches in every way, for all k. */
static void share_out(struct fewest *s, size_t n_yes, size_t n_no, size_t most)
{
    const double *const yes = s->errors + s->n_errors - n_yes;
    const double *const no = yes - n_no;

    for (size_t x = 1; x <= n_yes && x < most; x++) {
        const size_t end = n_no < most - x ? n_no : most - x;
        double *const sums = s->sums + x;
        uint32_t *const yeses = s->yeses + x;
        for (size_t y = 1; y <= end; y++) {
            const double sum = yes[x - 1] + no[y - 1];
            if (sum < sums[y]) {
                sums[y] = sum;
                yeses[y] = (uint32_t)x;
            }
        }
    }
}

static void solve_node(struct fewest *s, size_t i)
{
    const struct grown_node *const node = &s->grown->nodes[i];
    size_t most = 1;

    s->sums[1] = node->errors;
    s->yeses[1] = 0;
    if (node->feature != TREE_LEAF) {
        const size_t n_yes = s->sizes[i + 1], n_no = s->sizes[node->no];
        most = n_yes + n_no < s->max_leaves ? n_yes + n_no : s->max_leaves;
        for (size_t k = 2; k <= most; k++) {
            s->sums[k] = node->errors;
            s->yeses[k] = SAME;
        }
        share_out(s, n_yes, n_no, most);
        s->n_errors -= n_yes + n_no;
    }
    size_t size = 1;
    for (size_t k = 2; k <= most; k++) {
        if (s->sums[k] < s->sums[k - 1]) {
            size = k;
        } else {
            s->sums[k] = s->sums[k - 1];
            s->yeses[k] = SAME;
        }
    }
    s->sizes[i] = size;
    s->first[i] = s->n_choices;
    s->errors = mem_grow(s->errors, &s->cap_errors, s->n_errors + size, sizeof *s->errors);
    memcpy(s->errors + s->n_errors, s->sums + 1, size * sizeof *s->errors);
    s->n_errors += size;
    s->choices = mem_grow(s->choices, &s->cap_choices, s->n_choices + size, sizeof *s->choices);
    memcpy(s->choices + s->n_choices, s->yeses + 1, size * sizeof *s->choices);
    s->n_choices += size;
}

void fewest_apply(const struct fewest *s, struct grown *g, size_t max_leaves)
{
    size_t *const shares = mem_alloc(g->n, sizeof *shares); /* the leaves that a node may have */

    shares[0] = max_leaves;
    for (size_t i = 0; i < g->n; i++) {
        struct grown_node *const node = &g->nodes[i];
        const uint32_t *const choices = s->choices + s->first[i] - 1;
        size_t k = shares[i] < s->sizes[i] ? shares[i] : s->sizes[i];
        while (k > 0 && choices[k] == SAME)
            k--;
        node->kept = k > 1;
        if (node->feature == TREE_LEAF)
            continue;
        /* Below a leaf there is nothing to share out. */
        const size_t yes = k > 1 ? choices[k] : 0;
        shares[i + 1] = yes;
        shares[node->no] = k > 1 ? k - yes : 0;
    }
    free(shares);
}

struct fewest *fewest_new(const struct grown *g, size_t max_leaves)
{
    struct fewest *const s = mem_zero(1, sizeof *s);
    size_t i = g->n;

    s->grown = g;
    s->max_leaves = max_leaves < g->n ? max_leaves : g->n;
    s->first = mem_alloc(g->n, sizeof *s->first);
    s->sizes = mem_alloc(g->n, sizeof *s->sizes);
    s->sums = mem_alloc(s->max_leaves + 2, sizeof *s->sums);
    s->yeses = mem_alloc(s->max_leaves + 2, sizeof *s->yeses);
    while (i > 0 && s->n_choices <= FEWEST_CELLS_MAX)
        solve_node(s, --i);
    if (i == 0)
        return s;
    fewest_free(s);
    return NULL;
}

void fewest_free(struct fewest *s)
{
    if (!s)
        return;
    free(s->first);
    free(s->sizes);
    free(s->choices);
    free(s->errors);
    free(s->sums);
    free(s->yeses);
    free(s);
}
