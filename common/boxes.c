#include "boxes.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* Outcomes in ascending order; n == 0: the node can't be reached. */
struct set {
    size_t first;
    uint32_t n;
    bool shared; /* a split whose children share an outcome */
};

struct boxes {
    const struct boxes_input *in;
    struct set *sets; /* a node */
    uint32_t *pool;
    size_t n_pool, cap_pool;
    bool *reached;
    struct interval *box; /* of the node that is being visited */
    boxes_fn *fn;
    void *context;
};

static bool set_has(const struct boxes *b, size_t node, uint32_t outcome)
{
    const uint32_t *const items = b->pool + b->sets[node].first;
    size_t low = 0, high = b->sets[node].n;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (items[middle] < outcome)
            low = middle + 1;
        else
            high = middle;
    }
    return low < b->sets[node].n && items[low] == outcome;
}

/* Merges the sets of two nodes into fresh room at the end of the pool: what both hold, or all. */
static size_t merge(struct boxes *b, struct set l, struct set r, bool both)
{
    b->pool = mem_grow(b->pool, &b->cap_pool, b->n_pool + l.n + r.n, sizeof *b->pool);
    const uint32_t *const p = b->pool + l.first, *const q = b->pool + r.first;
    uint32_t *const to = b->pool + b->n_pool;
    size_t i = 0, j = 0, n = 0;

    while (i < l.n || j < r.n) {
        const bool left = j == r.n || (i < l.n && p[i] <= q[j]);
        const bool right = i == l.n || (j < r.n && q[j] <= p[i]);
        if ((left && right) || !both)
            to[n++] = left ? p[i] : q[j];
        i += left;
        j += right;
    }
    return n;
}

static struct set set_of_split(struct boxes *b, struct set l, struct set r)
{
    struct set s = {.first = b->n_pool, .shared = true};

    if (l.n == 0 || r.n == 0) {
        s = l.n == 0 ? r : l;
        s.shared = true;
        return s;
    }
    size_t n = merge(b, l, r, true);
    if (n == 0) {
        s.shared = false;
        n = merge(b, l, r, false);
    }
    s.n = (uint32_t)n;
    b->n_pool += n;
    return s;
}

static void find_sets(struct boxes *b)
{
    const struct tree *const t = b->in->tree;

    for (size_t i = t->n_nodes; i-- > 0;) {
        const struct tree_node *const node = &t->nodes[i];
        if (!b->reached[i])
            continue;
        if (node->feature != TREE_LEAF) {
            b->sets[i] = set_of_split(b, b->sets[i + 1], b->sets[node->next]);
            continue;
        }
        b->pool = mem_grow(b->pool, &b->cap_pool, b->n_pool + 1, sizeof *b->pool);
        b->sets[i] = (struct set){.first = b->n_pool, .n = 1};
        b->pool[b->n_pool++] = b->in->outcomes[node->next];
    }
}

/* Calls visit for both children of a split with the box narrowed to each; a child whose box is
 * empty is passed over. */
typedef void visit_fn(struct boxes *b, size_t node, uint32_t background);

static void visit_children(struct boxes *b, size_t node, uint32_t background, visit_fn *visit)
{
    const struct tree_node *const split = &b->in->tree->nodes[node];
    struct interval *const range = &b->box[split->feature];
    const struct interval whole = *range;

    if (whole.low <= split->threshold) {
        if (split->threshold < whole.high)
            range->high = split->threshold;
        visit(b, node + 1, background);
        *range = whole;
    }
    if (split->threshold < whole.high) {
        if (whole.low <= split->threshold)
            range->low = split->threshold + 1;
        visit(b, split->next, background);
        *range = whole;
    }
}

static void mark_reached(struct boxes *b, size_t node, uint32_t background)
{
    b->reached[node] = true;
    if (b->in->tree->nodes[node].feature != TREE_LEAF)
        visit_children(b, node, background, mark_reached);
}

/* A set of one outcome does not mean that the whole subtree has it; that needs its own pass. */
static void list_disjoint(struct boxes *b, size_t node, uint32_t background)
{
    if (b->sets[node].n == 1)
        b->fn(b->context, b->box, b->pool[b->sets[node].first]);
    else
        visit_children(b, node, background, list_disjoint);
}

/* For disjoint boxes: a reached node's set is its outcome if all its leaves have the same one, else
 * two items, whatever they are. */
static void find_uniform(struct boxes *b)
{
    const struct tree *const t = b->in->tree;

    b->pool = mem_grow(b->pool, &b->cap_pool, t->n_leaves + 2, sizeof *b->pool);
    memcpy(b->pool, b->in->outcomes, t->n_leaves * sizeof *b->pool);
    for (size_t i = t->n_nodes; i-- > 0;) {
        const struct tree_node *const node = &t->nodes[i];
        if (!b->reached[i])
            continue;
        if (node->feature == TREE_LEAF) {
            b->sets[i] = (struct set){.first = node->next, .n = 1};
            continue;
        }
        const struct set l = b->sets[i + 1], r = b->sets[node->next];
        b->sets[i] = l.n == 0 ? r : l;
        if (l.n > 0 && r.n > 0)
            b->sets[i].n = l.n == 1 && r.n == 1 && b->pool[l.first] == b->pool[r.first] ? 1 : 2;
    }
}

static void list_nested(struct boxes *b, size_t node, uint32_t background)
{
    const struct tree_node *const n = &b->in->tree->nodes[node];
    const uint32_t lowest = b->pool[b->sets[node].first];

    if (n->feature == TREE_LEAF) {
        if (lowest != background)
            b->fn(b->context, b->box, lowest);
        return;
    }
    /* Keep the background where that costs no more than a box of this node's own. */
    const struct set *const l = &b->sets[node + 1], *const r = &b->sets[n->next];
    const int missing = (l->n > 0 && !set_has(b, node + 1, background)) +
                        (r->n > 0 && !set_has(b, n->next, background));
    const int best = b->sets[node].shared ? 0 : 1;
    if (missing <= best + 1) {
        visit_children(b, node, background, list_nested);
        return;
    }
    visit_children(b, node, lowest, list_nested);
    b->fn(b->context, b->box, lowest);
}

uint32_t boxes_list(const struct boxes_input *in, boxes_fn *fn, void *context)
{
    struct boxes b = {.in = in, .fn = fn, .context = context};
    uint32_t background = in->mode == BOXES_GIVEN ? in->default_outcome : 0;

    b.sets = mem_zero(in->tree->n_nodes, sizeof *b.sets);
    b.reached = mem_zero(in->tree->n_nodes, sizeof *b.reached);
    b.box = mem_alloc(in->n_features, sizeof *b.box);
    for (size_t i = 0; i < in->n_features; i++)
        b.box[i] = (struct interval){0, in->tops[i]};
    mark_reached(&b, 0, 0);
    if (in->mode == BOXES_DISJOINT) {
        find_uniform(&b);
        list_disjoint(&b, 0, 0);
    } else {
        find_sets(&b);
        if (in->mode == BOXES_BEST)
            background = b.pool[b.sets[0].first];
        list_nested(&b, 0, background);
    }
    free(b.sets);
    free(b.reached);
    free(b.box);
    free(b.pool);
    return background;
}
