#include "figures.h"
#include "importance.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Weighted training rows by class, of every node that is still needed: those of a subtree are
 * summed up when its root is met from below. */
struct tally {
    const struct model *m;
    const struct tree *t;
    bool entropy;
    double *decrease; /* a feature each */
};

static double impurity(const double *rows, size_t n, double all, bool entropy)
{
    double sum = 0;

    for (size_t c = 0; c < n; c++) {
        const double p = rows[c] / all;
        sum += !entropy ? p * p : p > 0 ? -p * log2(p) : 0;
    }
    return entropy ? sum : 1 - sum;
}

static double sum_of(const double *v, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum;
}

/* Weighted training rows of a leaf, by class. */
static void leaf_rows(const struct tally *x, const struct tree_leaf *leaf, double *rows)
{
    memset(rows, 0, x->m->n_classes * sizeof *rows);
    for (size_t k = 0; k < leaf->n; k++) {
        const struct class_rows *const r = &x->t->rows[leaf->first + k];
        rows[r->class_index] = (double)r->rows * x->m->classes[r->class_index].weight;
    }
}

/* Turns the rows of two branches (yes, then no) into those of their split, in place of yes. */
static void join(const struct tally *x, const struct tree_node *split, double *yes,
                 const double *no)
{
    const size_t n = x->m->n_classes;
    const double n_yes = sum_of(yes, n), n_no = sum_of(no, n);
    const double below =
        n_yes * impurity(yes, n, n_yes, x->entropy) + n_no * impurity(no, n, n_no, x->entropy);

    for (size_t c = 0; c < n; c++)
        yes[c] += no[c];
    const double all = n_yes + n_no;
    x->decrease[split->feature] += all * impurity(yes, n, all, x->entropy) - below;
}

/* A stack of class rows: nodes are visited from the last to the first, so that both branches of a
 * split lie on top when it comes, yes above no. */
static void measure_tree(const struct tally *x)
{
    const size_t width = x->m->n_classes;
    double *stack = NULL;
    size_t cap = 0, n = 0;

    for (size_t i = x->t->n_nodes; i-- > 0;) {
        const struct tree_node *const node = &x->t->nodes[i];
        if (node->feature == TREE_LEAF) {
            stack = mem_grow(stack, &cap, (n + 1) * width, sizeof *stack);
            leaf_rows(x, &x->t->leaves[node->next], stack + n++ * width);
            continue;
        }
        double *const yes = stack + (n - 1) * width, *const no = yes - width;
        join(x, node, yes, no);
        memcpy(no, yes, width * sizeof *no);
        n--;
    }
    free(stack);
}

bool impurity_run(struct input *in, const struct options *o, struct out *out, struct err *e)
{
    const struct model *const m = in->model;

    if (m->votes > 0)
        return err_set(e,
                       "%s: its leaves hold votes, and impurity needs training rows: "
                       "--importance=permutation does not",
                       o->model);
    double *const importance = mem_zero(m->n_features, sizeof *importance);
    double *const decrease = mem_alloc(m->n_features, sizeof *decrease);
    static char *const heads[] = {"importance"};

    for (size_t i = 0; i < m->n_trees; i++) {
        const struct tally x = {m, &m->trees[i], o->entropy, decrease};
        memset(decrease, 0, m->n_features * sizeof *decrease);
        measure_tree(&x);
        const double all = sum_of(decrease, m->n_features);
        for (size_t f = 0; f < m->n_features && all > 0; f++)
            importance[f] += decrease[f] / all;
    }
    const double all = sum_of(importance, m->n_features);
    for (size_t f = 0; f < m->n_features && all > 0; f++)
        importance[f] /= all;
    const struct figures figures = {
        .m = m, .heads = heads, .n = 1, .values = importance, .format = o->shared->format};
    figures_write(&figures, out);
    free(decrease);
    free(importance);
    return true;
}
