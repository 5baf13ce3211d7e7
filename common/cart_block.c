#include "cart_block.h"

#include "mem.h"
#include "sort.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_ROWS_MAX = 65536,        /* what 16-bit row numbers can tell apart */
    BLOCK_WORDS_MAX = 8 * 1048576, /* of all lists */
    BLOCK_ROWS_MIN = 1024,
};

struct block {
    const struct growth *growth;
    struct tally tally;
    struct node_stack stack;
    uint32_t base;    /* the place of the block's first row in the sample */
    uint32_t **lists; /* by feature: rank << 16 | row, in order of rank within each node */
    uint32_t *order;  /* features that a node tries */
    uint32_t *spare;  /* the no side while a list is parted */
    uint16_t *labels; /* by row */
    uint8_t *side;    /* by row: 1 yes, 0 no */
    uint64_t *keys;   /* for sorting a column once, and its spare room */
    uint64_t *more_keys;
};

uint32_t block_capacity(size_t n_features)
{
    const size_t rows = BLOCK_WORDS_MAX / n_features;

    return rows > BLOCK_ROWS_MAX   ? BLOCK_ROWS_MAX
           : rows < BLOCK_ROWS_MIN ? BLOCK_ROWS_MIN
                                   : (uint32_t)rows;
}

struct block *block_new(const struct growth *g)
{
    struct block *const b = mem_zero(1, sizeof *b);
    const size_t n_features = g->sample->n_features;
    const size_t capacity = block_capacity(n_features);
    const size_t rows = g->sample->n_rows < capacity ? g->sample->n_rows : capacity;

    b->growth = g;
    tally_init(&b->tally, g->sample->n_classes);
    b->lists = mem_zero(n_features, sizeof *b->lists);
    for (size_t f = 0; f < n_features; f++)
        b->lists[f] = mem_alloc(rows, sizeof *b->lists[f]);
    b->order = mem_alloc(n_features, sizeof *b->order);
    b->spare = mem_alloc(rows, sizeof *b->spare);
    b->labels = mem_alloc(rows, sizeof *b->labels);
    b->side = mem_alloc(rows, sizeof *b->side);
    b->keys = mem_alloc(rows, sizeof *b->keys);
    b->more_keys = mem_alloc(rows, sizeof *b->more_keys);
    return b;
}

void block_free(struct block *b)
{
    if (!b)
        return;
    for (size_t f = 0; f < b->growth->sample->n_features; f++)
        free(b->lists[f]);
    free(b->lists);
    tally_destroy(&b->tally);
    free(b->stack.items);
    free(b->order);
    free(b->spare);
    free(b->labels);
    free(b->side);
    free(b->keys);
    free(b->more_keys);
    free(b);
}

/* Sorts one column of the block. Ranks are counted anew, so that 16 bits hold them. */
static void load_list(struct block *b, size_t f, uint32_t rows)
{
    const uint32_t *const ranks = b->growth->sample->ranks[f] + b->base;
    uint32_t *const list = b->lists[f];

    for (uint32_t i = 0; i < rows; i++)
        b->keys[i] = (uint64_t)ranks[i] << 16 | i;
    const uint64_t *const sorted =
        sort_keys(b->keys, b->more_keys, rows, 16, 16 + ranking_bits(b->growth->ranking, f));
    uint32_t rank = 0;
    for (uint32_t i = 0; i < rows; i++) {
        if (i && sorted[i] >> 16 != sorted[i - 1] >> 16)
            rank++;
        list[i] = rank << 16 | (uint32_t)(sorted[i] & 0xffff);
    }
}

static uint32_t class_of_word(const struct scan *scan, size_t i)
{
    return scan->labels[((const uint32_t *)scan->items)[i] & 0xffff];
}

static uint32_t rank_of_word(const struct scan *scan, size_t i)
{
    return ((const uint32_t *)scan->items)[i] >> 16;
}

static uint64_t value_of_word(const struct scan *scan, size_t i)
{
    return scan->values[scan->ranks[((const uint32_t *)scan->items)[i] & 0xffff]];
}

/* Tries one feature. The counters of the two sides change places, so that the next one finds all
 * rows on the no side again. */
static void try_feature(struct block *b, const struct open_node *o, uint32_t f, struct cut *best)
{
    const struct criterion *const criterion = b->growth->options->criterion;
    const struct scan scan = {
        .items = b->lists[f] + (o->node.start - b->base),
        .value_at = value_of_word,
        .ranks = b->growth->sample->ranks[f] + b->base,
        .values = b->growth->ranking->values[f],
        .labels = b->labels,
        .feature = f,
        .rows = o->node.rows,
        .min_leaf = b->growth->options->min_leaf,
        .criterion = criterion,
        .slack = node_slack(o),
    };
    const struct sides sides = {
        .yes = b->tally.yes,
        .no = b->tally.no,
        .no_sum = o->sum,
        .no_weight = o->weight,
    };

    if (criterion->kind == CRITERION_GINI)
        scan_cuts(&scan, sides, CRITERION_GINI, best, class_of_word, rank_of_word);
    else
        scan_cuts(&scan, sides, CRITERION_ENTROPY, best, class_of_word, rank_of_word);
    b->tally = (struct tally){.yes = sides.no, .no = sides.yes};
}

static struct cut best_cut(struct block *b, const struct open_node *o)
{
    const struct growth *const g = b->growth;
    const uint32_t first = o->node.start - b->base, last = first + o->node.rows - 1;
    const uint16_t *const labels = g->sample->labels + o->node.start;
    struct cut best = cut_none();
    bool varied = false;

    node_features(g, &o->node, b->order);
    tally_add(&b->tally, labels, o->node.rows);
    for (size_t i = 0; i < g->sample->n_features; i++) {
        if (i >= g->options->max_features && varied)
            break;
        const uint32_t *const list = b->lists[b->order[i]];
        if (list[first] >> 16 == list[last] >> 16)
            continue;
        varied = true;
        try_feature(b, o, b->order[i], &best);
    }
    tally_clear(&b->tally, g->sample->n_classes, labels, o->node.rows);
    return best;
}

/* Looks the ranks of the values beside the cut up in the sample, where they are not the block's. */
static void find_ranks(const struct block *b, const struct open_node *o, struct cut *cut)
{
    const uint32_t *const list = b->lists[cut->feature] + (o->node.start - b->base);
    const uint32_t *const ranks = b->growth->sample->ranks[cut->feature] + b->base;

    cut->low = ranks[list[cut->yes_rows - 1] & 0xffff];
    cut->high = ranks[list[cut->yes_rows] & 0xffff];
}

/* Parts one list stably. Every word is written to both sides, and the one that it does not belong
 * to is written over: no branch that a processor could guess wrong. */
static void part_list(struct block *b, uint32_t *list, uint32_t rows, uint32_t yes_rows)
{
    uint32_t *const spare = b->spare;
    const uint8_t *const side = b->side;
    uint32_t yes = 0, no = 0;

    for (uint32_t i = 0; i < rows; i++) {
        const uint32_t word = list[i], s = side[word & 0xffff];
        list[yes] = word;
        spare[no] = word;
        yes += s;
        no += 1 - s;
    }
    memcpy(list + yes_rows, spare, no * sizeof *list);
}

/* Splits the node's rows and opens its branches. The labels of the sample follow the order of the
 * feature that splits, so that each branch finds its own in one piece. */
static void split_rows(struct block *b, const struct open_node *o, const struct cut *cut,
                       uint32_t place)
{
    const struct growth *const g = b->growth;
    const uint32_t first = o->node.start - b->base, rows = o->node.rows;
    const uint32_t *const list = b->lists[cut->feature] + first;
    uint16_t *const labels = g->sample->labels + o->node.start;

    for (uint32_t i = 0; i < rows; i++) {
        labels[i] = b->labels[list[i] & 0xffff];
        b->side[list[i] & 0xffff] = i < cut->yes_rows;
    }
    const struct open_node yes =
        node_open(g, &b->tally, o->node.start, cut->yes_rows, o->depth + 1, NODE_NONE);
    const struct open_node no = node_open(g, &b->tally, o->node.start + cut->yes_rows,
                                          rows - cut->yes_rows, o->depth + 1, place);
    if (!yes.leaf || !no.leaf)
        for (size_t f = 0; f < g->sample->n_features; f++)
            if (f != cut->feature)
                part_list(b, b->lists[f] + first, rows, cut->yes_rows);
    node_push(&b->stack, &no);
    node_push(&b->stack, &yes);
}

void block_grow(struct block *b, const struct open_node *root, struct grown *out)
{
    const struct growth *const g = b->growth;
    struct open_node top = *root;

    b->base = root->node.start;
    memcpy(b->labels, g->sample->labels + b->base, root->node.rows * sizeof *b->labels);
    for (size_t f = 0; f < g->sample->n_features; f++)
        load_list(b, f, root->node.rows);
    top.parent = NODE_NONE;
    node_push(&b->stack, &top);
    while (b->stack.n > 0) {
        const struct open_node o = node_pop(&b->stack, out);
        const uint32_t place = (uint32_t)out->n - 1;
        if (o.leaf)
            continue;
        struct cut cut = best_cut(b, &o);
        if (cut.score == -INFINITY)
            continue;
        find_ranks(b, &o, &cut);
        node_set_split(g, &out->nodes[place], &o, &cut);
        split_rows(b, &o, &cut, place);
    }
}
