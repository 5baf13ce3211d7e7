#include "cart_node.h"

#include "mem.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

void tally_init(struct tally *t, size_t n_classes)
{
    t->yes = mem_zero(n_classes, sizeof *t->yes);
    t->no = mem_zero(n_classes, sizeof *t->no);
}

void tally_destroy(struct tally *t)
{
    free(t->yes);
    free(t->no);
}

void tally_add(struct tally *t, const uint16_t *labels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t->no[labels[i]]++;
}

void tally_clear(struct tally *t, size_t n_classes, const uint16_t *labels, size_t n)
{
    if (n_classes <= n) {
        memset(t->no, 0, n_classes * sizeof *t->no);
        return;
    }
    for (size_t i = 0; i < n; i++)
        t->no[labels[i]] = 0;
}

void node_push(struct node_stack *s, const struct open_node *o)
{
    s->items = mem_grow(s->items, &s->cap, s->n + 1, sizeof *s->items);
    s->items[s->n++] = *o;
}

struct open_node node_pop(struct node_stack *s, struct grown *g)
{
    const struct open_node o = s->items[--s->n];

    g->nodes = mem_grow(g->nodes, &g->cap, g->n + 1, sizeof *g->nodes);
    if (o.parent != NODE_NONE)
        g->nodes[o.parent].no = (uint32_t)g->n;
    g->nodes[g->n++] = o.node;
    return o;
}

/* Adds one class to what is known of a node. */
static void open_add(struct open_node *o, const struct criterion *c, uint32_t class_index,
                     uint32_t rows, double *heaviest)
{
    const double weight = c->weight[class_index] * (double)rows;

    o->weight += weight;
    o->sum += c->kind == CRITERION_GINI
                  ? c->square[class_index] * (double)rows * (double)rows
                  : c->weight[class_index] *
                        (c->n_log_n[rows] + (double)rows * c->log_weight[class_index]);
    if (weight > *heaviest || (weight == *heaviest && class_index < o->node.verdict)) {
        *heaviest = weight;
        o->node.verdict = class_index;
    }
}

struct open_node node_open(const struct growth *g, struct tally *t, uint32_t start, uint32_t rows,
                           uint32_t depth, uint32_t parent)
{
    const struct grow_options *const options = g->options;
    const size_t n_classes = g->sample->n_classes;
    const uint16_t *const labels = g->sample->labels + start;
    struct open_node o = {
        .node = {.feature = TREE_LEAF, .start = start, .rows = rows},
        .depth = depth,
        .parent = parent,
    };
    double heaviest = 0;

    tally_add(t, labels, rows);
    const bool pure = t->no[labels[0]] == rows;
    if (n_classes <= rows) {
        for (uint32_t c = 0; c < n_classes; c++)
            if (t->no[c])
                open_add(&o, options->criterion, c, t->no[c], &heaviest);
    } else {
        for (size_t i = 0; i < rows; i++) {
            if (t->no[labels[i]])
                open_add(&o, options->criterion, labels[i], t->no[labels[i]], &heaviest);
            t->no[labels[i]] = 0;
        }
    }
    tally_clear(t, n_classes, labels, rows);
    const double score = criterion_score(options->criterion->kind, o.sum, o.weight);
    const double all = options->criterion->kind == CRITERION_GINI ? o.weight : 0;
    o.node.errors = o.weight - heaviest;
    o.node.impurity = pure || all - score < 0 ? 0 : all - score;
    o.leaf = pure || depth >= options->max_depth || rows < options->min_split ||
             rows / 2 < options->min_leaf;
    return o;
}

void node_features(const struct growth *g, const struct grown_node *node, uint32_t *order)
{
    const size_t n = g->sample->n_features;

    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    if (g->options->max_features == n)
        return;
    /* No two nodes of a tree have the same rows, so each has a stream of its own that does not
     * depend on who grows it when. */
    struct rng r = rng_new(g->options->seed, (uint64_t)node->start << 32 | node->rows);
    rng_shuffle(&r, order, n);
}

double node_slack(const struct open_node *o)
{
    return 1e-12 * o->weight;
}

bool cut_better(const struct cut *a, const struct cut *b, double slack)
{
    if (a->score > b->score + slack || b->score == -INFINITY)
        return a->score > -INFINITY;
    if (a->score < b->score - slack)
        return false;
    return a->margin > b->margin;
}

static double margin_of(const struct scan *scan, size_t i)
{
    const uint64_t first = scan->value_at(scan, 0), last = scan->value_at(scan, scan->rows - 1);

    return (double)(scan->value_at(scan, i) - scan->value_at(scan, i - 1)) / (double)(last - first);
}

double cut_consider(struct cut *best, const struct scan *scan, size_t i, double score)
{
    double margin = MARGIN_UNKNOWN;

    if (score <= best->score + scan->slack) {
        cut_know_margin(best, scan);
        margin = margin_of(scan, i);
        if (margin <= best->margin)
            return best->score - scan->slack;
    }
    best->margin = margin;
    best->feature = scan->feature;
    best->yes_rows = (uint32_t)i;
    best->score = score > best->score ? score : best->score;
    return best->score - scan->slack;
}

void cut_know_margin(struct cut *best, const struct scan *scan)
{
    if (best->margin == MARGIN_UNKNOWN)
        best->margin = margin_of(scan, best->yes_rows);
}

/* In [low, high). */
static uint64_t cut_between(enum cut_kind kind, uint64_t low, uint64_t high)
{
    if (kind == CUT_MIDDLE)
        return low + (high - low) / 2;
    if (kind == CUT_ROUND) {
        uint64_t next = high;
        while ((next & (next - 1)) > low)
            next &= next - 1;
        return next - 1;
    }
    const double mean = sqrt((double)low + 1) * sqrt((double)high + 1) - 1;
    const uint64_t whole = (uint64_t)mean;
    /* Above 2^53 a double rounds, perhaps across an end, and so would an end made a double. */
    return whole < low ? low : whole >= high ? high - 1 : whole;
}

void node_set_split(const struct growth *g, struct grown_node *node, const struct open_node *o,
                    const struct cut *cut)
{
    const enum criterion_kind kind = g->options->criterion->kind;
    const uint64_t *const values = g->ranking->values[cut->feature];
    const uint64_t low = values[cut->low], high = values[cut->high];
    const double gain = cut->score - criterion_score(kind, o->sum, o->weight);

    node->feature = cut->feature;
    node->threshold = cut_between(g->options->cut, low, high);
    node->gain = gain > 0 ? gain : 0;
    node->kept = true;
}
