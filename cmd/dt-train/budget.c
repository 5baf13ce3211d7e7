#include "budget.h"

#include "mem.h"
#include "model.h"

#include <stdlib.h>

/* A heap of splits that could be made next, the one with the greatest gain on top. */
struct heap {
    const struct grown *grown;
    uint32_t *items;
    size_t n;
};

static bool before(const struct heap *h, uint32_t a, uint32_t b)
{
    const double x = h->grown->nodes[a].gain, y = h->grown->nodes[b].gain;

    return x > y || (x == y && a < b);
}

static void heap_push(struct heap *h, uint32_t node)
{
    size_t i = h->n++;

    for (; i > 0 && before(h, node, h->items[(i - 1) / 2]); i = (i - 1) / 2)
        h->items[i] = h->items[(i - 1) / 2];
    h->items[i] = node;
}

static uint32_t heap_pop(struct heap *h)
{
    const uint32_t top = h->items[0], last = h->items[--h->n];
    size_t i = 0;

    for (size_t child; (child = 2 * i + 1) < h->n; i = child) {
        if (child + 1 < h->n && before(h, h->items[child + 1], h->items[child]))
            child++;
        if (!before(h, h->items[child], last))
            break;
        h->items[i] = h->items[child];
    }
    h->items[i] = last;
    return top;
}

/* The tree as it grows: which splits are made, and how many leaves count. */
struct budget {
    struct grown *grown;
    struct heap heap;
    bool merged;
    uint32_t *parent;
    uint32_t *leaves; /* of the subtree, as they count */
    bool *one;        /* the subtree's leaves all have the node's verdict */
};

static void offer(struct budget *b, uint32_t node)
{
    if (b->grown->nodes[node].feature != TREE_LEAF)
        heap_push(&b->heap, node);
}

/* Counts the leaves of the node's subtree anew, and of all above it that this changes. */
static void recount(struct budget *b, uint32_t i)
{
    const struct grown_node *const nodes = b->grown->nodes;

    for (;;) {
        const struct grown_node *const node = &nodes[i];
        bool one = true;
        uint32_t leaves = 1;
        if (node->kept) {
            const uint32_t yes = i + 1, no = node->no;
            one = b->merged && b->one[yes] && b->one[no] && nodes[yes].verdict == node->verdict &&
                  nodes[no].verdict == node->verdict;
            leaves = one ? 1 : b->leaves[yes] + b->leaves[no];
        }
        const bool same = one == b->one[i] && leaves == b->leaves[i];
        b->one[i] = one;
        b->leaves[i] = leaves;
        if (same || i == 0)
            return;
        i = b->parent[i];
    }
}

static void budget_init(struct budget *b, struct grown *g, bool merged)
{
    *b = (struct budget){
        .grown = g,
        .heap = {.grown = g, .items = mem_alloc(g->n, sizeof *b->heap.items)},
        .merged = merged,
        .parent = mem_zero(g->n, sizeof *b->parent),
        .leaves = mem_alloc(g->n, sizeof *b->leaves),
        .one = mem_alloc(g->n, sizeof *b->one),
    };
    for (uint32_t i = 0; i < g->n; i++) {
        b->leaves[i] = 1;
        b->one[i] = true;
        g->nodes[i].kept = false;
        if (g->nodes[i].feature != TREE_LEAF)
            b->parent[i + 1] = b->parent[g->nodes[i].no] = i;
    }
    offer(b, 0);
}

static void budget_destroy(struct budget *b)
{
    free(b->heap.items);
    free(b->parent);
    free(b->leaves);
    free(b->one);
}

void budget_best_first(struct grown *g, size_t max_leaves, bool merged)
{
    struct budget b;

    budget_init(&b, g, merged);
    /* No split makes the tree smaller, so a full budget stays full. */
    while (b.heap.n > 0 && b.leaves[0] < max_leaves) {
        const uint32_t i = heap_pop(&b.heap);
        g->nodes[i].kept = true;
        recount(&b, i);
        if (b.leaves[0] > max_leaves) {
            g->nodes[i].kept = false;
            recount(&b, i);
            continue;
        }
        offer(&b, i + 1);
        offer(&b, g->nodes[i].no);
    }
    budget_destroy(&b);
}
