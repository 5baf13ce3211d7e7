#include "shap.h"

#include "gauss.h"
#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct shap {
    const struct model *m;
    double **cover; /* tree by tree: the weighted training rows of each node */
    double *base;
    size_t most_steps;           /* features on one path */
    struct gauss_point **points; /* points[n]: n of them */
};

/* A feature on the path from the root to the current node. */
struct step {
    uint32_t feature;
    double z;
    bool o[SHAP_BLOCK];
};

struct shap_scratch {
    struct step *steps; /* most_steps of them */
    size_t n_steps;
    double *factors; /* of one row: a step, a point of the quadrature */
    double *products;
};

/* The block of rows in work. */
struct block {
    const struct shap *s;
    struct shap_scratch *scratch;
    const struct tree *t;
    const double *cover;
    const uint64_t *rows;
    size_t n;
    double *values, *probabilities;
};

static double leaf_cover(const struct model *m, const struct tree *t, const struct tree_leaf *leaf)
{
    double sum = 0;

    for (size_t k = 0; k < leaf->n; k++) {
        const struct class_rows *const rows = &t->rows[leaf->first + k];
        sum += (double)rows->rows * m->classes[rows->class_index].weight;
    }
    return sum;
}

static double *tree_cover(const struct model *m, const struct tree *t)
{
    double *const cover = mem_alloc(t->n_nodes, sizeof *cover);

    for (size_t i = t->n_nodes; i-- > 0;) {
        const struct tree_node *const node = &t->nodes[i];
        cover[i] = node->feature == TREE_LEAF ? leaf_cover(m, t, &t->leaves[node->next])
                                              : cover[i + 1] + cover[node->next];
    }
    return cover;
}

static void add_base(struct shap *s, const struct tree *t, double all)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        const struct class_rows *const rows = &t->rows[i];
        s->base[rows->class_index] += (double)rows->rows * s->m->classes[rows->class_index].weight /
                                      all / (double)s->m->n_trees;
    }
}

/* An upper bound of the features on one path: no more than the tree has, nor than it is deep. */
static size_t count_steps(const struct model *m, const struct tree *t)
{
    bool *const used = mem_zero(m->n_features, sizeof *used);
    uint32_t *const depth = mem_zero(t->n_nodes, sizeof *depth);
    size_t features = 0, deepest = 0;

    for (size_t i = 0; i < t->n_nodes; i++) {
        const struct tree_node *const node = &t->nodes[i];
        deepest = depth[i] > deepest ? depth[i] : deepest;
        if (node->feature == TREE_LEAF)
            continue;
        depth[i + 1] = depth[node->next] = depth[i] + 1;
        features += !used[node->feature];
        used[node->feature] = true;
    }
    free(used);
    free(depth);
    return features < deepest ? features : deepest;
}

static size_t points_for(size_t steps)
{
    return (steps + 1) / 2;
}

struct shap *shap_new(const struct model *m)
{
    struct shap *const s = mem_zero(1, sizeof *s);

    s->m = m;
    s->base = mem_zero(m->n_classes, sizeof *s->base);
    s->cover = mem_zero(m->n_trees, sizeof *s->cover);
    for (size_t i = 0; i < m->n_trees; i++) {
        const size_t steps = count_steps(m, &m->trees[i]);
        s->most_steps = steps > s->most_steps ? steps : s->most_steps;
        s->cover[i] = tree_cover(m, &m->trees[i]);
        add_base(s, &m->trees[i], s->cover[i][0]);
    }
    const size_t most = points_for(s->most_steps);
    s->points = mem_zero(most + 1, sizeof *s->points);
    for (size_t n = 1; n <= most; n++) {
        s->points[n] = mem_alloc(n, sizeof **s->points);
        gauss_legendre(s->points[n], n);
    }
    return s;
}

void shap_free(struct shap *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->m->n_trees; i++)
        free(s->cover[i]);
    for (size_t n = 1; n <= points_for(s->most_steps); n++)
        free(s->points[n]);
    free(s->cover);
    free(s->points);
    free(s->base);
    free(s);
}

struct shap_scratch *shap_scratch_new(const struct shap *s)
{
    struct shap_scratch *const scratch = mem_zero(1, sizeof *scratch);
    const size_t points = points_for(s->most_steps);

    scratch->steps = mem_alloc(s->most_steps, sizeof *scratch->steps);
    scratch->factors = mem_alloc(s->most_steps * points, sizeof *scratch->factors);
    scratch->products = mem_alloc(points, sizeof *scratch->products);
    return scratch;
}

void shap_scratch_free(struct shap_scratch *scratch)
{
    if (!scratch)
        return;
    free(scratch->steps);
    free(scratch->factors);
    free(scratch->products);
    free(scratch);
}

const double *shap_base(const struct shap *s)
{
    return s->base;
}

/* The factors t o + (1 - t) z of a row, and at each point the weight times their product. */
static void multiply(const struct shap_scratch *x, size_t row, const struct gauss_point *points,
                     size_t n_points)
{
    for (size_t q = 0; q < n_points; q++) {
        const double t = points[q].at;
        double product = points[q].weight;
        for (size_t j = 0; j < x->n_steps; j++) {
            const struct step *const step = &x->steps[j];
            const double f = (step->o[row] ? t : 0) + (1 - t) * step->z;
            x->factors[j * n_points + q] = f;
            product *= f;
        }
        x->products[q] = product;
    }
}

/* Adds what a leaf gives to the values of a row: `amount` of it to each class by its share. */
static void add_shares(const struct block *b, const struct tree_leaf *leaf, double amount,
                       double *to)
{
    const struct model *const m = b->s->m;

    for (size_t k = 0; k < leaf->n; k++) {
        const struct class_rows *const rows = &b->t->rows[leaf->first + k];
        to[rows->class_index] += amount * (double)rows->rows * m->classes[rows->class_index].weight;
    }
}

static void at_leaf(const struct block *b, const struct tree_leaf *leaf, double cover)
{
    const struct model *const m = b->s->m;
    const struct shap_scratch *const x = b->scratch;
    const size_t n_points = points_for(x->n_steps);
    const double scale = 1 / (cover * (double)m->n_trees);

    for (size_t row = 0; row < b->n; row++) {
        bool reached = true;
        multiply(x, row, b->s->points[n_points], n_points);
        for (size_t j = 0; j < x->n_steps; j++) {
            const struct step *const step = &x->steps[j];
            double integral = 0;
            for (size_t q = 0; q < n_points; q++)
                integral += x->products[q] / x->factors[j * n_points + q];
            const double amount = scale * (step->o[row] - step->z) * integral;
            add_shares(b, leaf, amount,
                       b->values + (row * m->n_features + step->feature) * m->n_classes);
            reached &= step->o[row];
        }
        if (reached)
            add_shares(b, leaf, scale, b->probabilities + row * m->n_classes);
    }
}

static void at_node(const struct block *b, uint32_t i);

/* Goes down a branch: its feature joins the path, or its step there is narrowed for a while. */
static void go_down(const struct block *b, uint32_t parent, uint32_t child, bool yes)
{
    const struct tree_node *const node = &b->t->nodes[parent];
    struct shap_scratch *const x = b->scratch;
    size_t j = 0;

    while (j < x->n_steps && x->steps[j].feature != node->feature)
        j++;
    struct step *const step = &x->steps[j];
    const bool is_new = j == x->n_steps;
    if (is_new) {
        x->n_steps++;
        *step = (struct step){.feature = node->feature, .z = 1};
        memset(step->o, true, sizeof step->o);
    }
    const struct step before = *step;
    step->z *= b->cover[child] / b->cover[parent];
    for (size_t row = 0; row < b->n; row++) {
        const uint64_t v = b->rows[row * b->s->m->n_features + node->feature];
        step->o[row] &= (v <= node->threshold) == yes;
    }
    at_node(b, child);
    *step = before;
    x->n_steps -= is_new;
}

static void at_node(const struct block *b, uint32_t i)
{
    const struct tree_node *const node = &b->t->nodes[i];

    if (node->feature == TREE_LEAF) {
        at_leaf(b, &b->t->leaves[node->next], b->cover[i]);
        return;
    }
    go_down(b, i, i + 1, true);
    go_down(b, i, node->next, false);
}

void shap_rows(const struct shap *s, struct shap_scratch *scratch, const uint64_t *rows, size_t n,
               double *values, double *probabilities)
{
    const struct model *const m = s->m;
    struct block b = {.s = s,
                      .scratch = scratch,
                      .rows = rows,
                      .n = n,
                      .values = values,
                      .probabilities = probabilities};

    memset(values, 0, n * m->n_features * m->n_classes * sizeof *values);
    memset(probabilities, 0, n * m->n_classes * sizeof *probabilities);
    for (size_t i = 0; i < m->n_trees; i++) {
        b.t = &m->trees[i];
        b.cover = s->cover[i];
        scratch->n_steps = 0;
        at_node(&b, 0);
    }
}
