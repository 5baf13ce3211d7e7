#include "cart_tree.h"

#include "cart_prune.h"
#include "mem.h"

#include <stdlib.h>

static int compare_labels(const void *a, const void *b)
{
    const uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

    return (x > y) - (x < y);
}

static void append_rows(struct tree *t, size_t *cap, uint32_t class_index, uint64_t rows)
{
    t->rows = mem_grow(t->rows, cap, t->n_rows + 1, sizeof *t->rows);
    t->rows[t->n_rows++] = (struct class_rows){class_index, rows};
}

/* Counts the classes of a leaf's rows: by counters where they are few beside the rows, else by
 * sorting the labels (which changes their order within the leaf only). */
static void count_classes(struct tree *t, size_t *cap, uint64_t *counters, uint16_t *labels,
                          size_t n, size_t n_classes)
{
    if (n_classes <= 16 * n) {
        for (size_t i = 0; i < n; i++)
            counters[labels[i]]++;
        for (uint32_t c = 0; c < n_classes; c++) {
            if (counters[c])
                append_rows(t, cap, c, counters[c]);
            counters[c] = 0;
        }
        return;
    }
    qsort(labels, n, sizeof *labels, compare_labels);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i; k < n && labels[k] == labels[i]; k++)
            ;
        append_rows(t, cap, labels[i], k - i);
    }
}

struct pending {
    uint32_t grown;  /* the node */
    uint32_t parent; /* in the tree, whose no branch it is; TREE_LEAF: a yes branch */
};

struct tree tree_make(const struct grown *g, const struct sample *s)
{
    const size_t n_leaves = grown_leaves(g);
    struct tree t = {
        .nodes = mem_alloc(2 * n_leaves, sizeof *t.nodes),
        .leaves = mem_alloc(n_leaves, sizeof *t.leaves),
    };
    uint64_t *const counters = mem_zero(s->n_classes, sizeof *counters);
    struct pending *const stack = mem_alloc(n_leaves + 1, sizeof *stack);
    size_t cap = 0, n = 0;

    stack[n++] = (struct pending){0, TREE_LEAF};
    while (n > 0) {
        const struct pending p = stack[--n];
        const struct grown_node *const from = &g->nodes[p.grown];
        const uint32_t place = (uint32_t)t.n_nodes++;
        if (p.parent != TREE_LEAF)
            t.nodes[p.parent].next = place;
        if (from->kept) {
            t.nodes[place] = (struct tree_node){from->threshold, from->feature, 0};
            stack[n++] = (struct pending){from->no, place};
            stack[n++] = (struct pending){p.grown + 1, TREE_LEAF};
            continue;
        }
        t.nodes[place] = (struct tree_node){0, TREE_LEAF, (uint32_t)t.n_leaves};
        struct tree_leaf *const leaf = &t.leaves[t.n_leaves++];
        *leaf = (struct tree_leaf){.first = t.n_rows};
        count_classes(&t, &cap, counters, s->labels + from->start, from->rows, s->n_classes);
        leaf->n = t.n_rows - leaf->first;
    }
    free(counters);
    free(stack);
    return t;
}

void tree_destroy(struct tree *t)
{
    free(t->nodes);
    free(t->leaves);
    free(t->rows);
}
