#include "cart_grow.h"

#include "cart_block.h"
#include "cart_node.h"
#include "mem.h"
#include "sort.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* One thread's room. */
struct scratch {
    struct tally tally;
    uint64_t *keys, *more_keys; /* a feature's rows to sort: rank << 16 | class */
    uint32_t *spare;            /* the no side while a column is parted */
    struct block *block;        /* made when it is first needed */
};

/* A node that is small enough to be grown in a block, and what came of it. */
struct task {
    struct open_node root;
    uint32_t place; /* in the top of the tree */
    struct grown grown;
};

struct top {
    struct growth growth;
    struct pool *pool;
    struct progress *progress;
    struct scratch *scratch; /* by thread */
    struct grown nodes;
    struct node_stack stack;
    struct task *tasks;
    size_t n_tasks, cap_tasks;
    struct task **by_size; /* the largest first, so that no thread is left with one at the end */
    atomic_size_t rows_done;
    /* The node being split. */
    const struct open_node *open;
    uint32_t *order;  /* features it tries */
    size_t first;     /* of those, where this round of trials begins */
    struct cut *cuts; /* by place in order */
    bool *varied;     /* by place in order: the feature is not constant */
    uint8_t *side;    /* by row of the sample: 1 yes, 0 no */
    uint32_t yes_rows;
};

static uint32_t class_of_key(const struct scan *scan, size_t i)
{
    return ((const uint64_t *)scan->items)[i] & 0xffff;
}

static uint32_t rank_of_key(const struct scan *scan, size_t i)
{
    return (uint32_t)(((const uint64_t *)scan->items)[i] >> 16);
}

static uint64_t value_of_key(const struct scan *scan, size_t i)
{
    return scan->values[((const uint64_t *)scan->items)[i] >> 16];
}

static const uint64_t *sorted_keys(struct top *t, struct scratch *s, uint32_t f)
{
    const struct sample *const sample = t->growth.sample;
    const uint32_t start = t->open->node.start, rows = t->open->node.rows;
    const uint32_t *const ranks = sample->ranks[f] + start;
    const uint16_t *const labels = sample->labels + start;

    for (uint32_t i = 0; i < rows; i++)
        s->keys[i] = (uint64_t)ranks[i] << 16 | labels[i];
    return sort_keys(s->keys, s->more_keys, rows, 16, 16 + ranking_bits(t->growth.ranking, f));
}

/* Sorts the node's rows by one feature and finds its best cut. */
static void try_feature(void *context, size_t part, unsigned thread)
{
    struct top *const t = context;
    struct scratch *const s = &t->scratch[thread];
    const size_t at = t->first + part;
    const struct open_node *const o = t->open;
    const struct criterion *const criterion = t->growth.options->criterion;
    const uint64_t *const keys = sorted_keys(t, s, t->order[at]);
    const uint16_t *const labels = t->growth.sample->labels + o->node.start;
    struct cut cut = cut_none();

    t->varied[at] = keys[0] >> 16 != keys[o->node.rows - 1] >> 16;
    if (t->varied[at]) {
        const struct scan scan = {
            .items = keys,
            .value_at = value_of_key,
            .values = t->growth.ranking->values[t->order[at]],
            .feature = t->order[at],
            .rows = o->node.rows,
            .min_leaf = t->growth.options->min_leaf,
            .criterion = criterion,
            .slack = node_slack(o),
        };
        const struct sides sides = {
            .yes = s->tally.yes,
            .no = s->tally.no,
            .no_sum = o->sum,
            .no_weight = o->weight,
        };
        tally_add(&s->tally, labels, o->node.rows);
        if (criterion->kind == CRITERION_GINI)
            scan_cuts(&scan, sides, CRITERION_GINI, &cut, class_of_key, rank_of_key);
        else
            scan_cuts(&scan, sides, CRITERION_ENTROPY, &cut, class_of_key, rank_of_key);
        s->tally = (struct tally){.yes = sides.no, .no = sides.yes};
        tally_clear(&s->tally, t->growth.sample->n_classes, labels, o->node.rows);
    }
    if (cut.score > -INFINITY) {
        cut.low = (uint32_t)(keys[cut.yes_rows - 1] >> 16);
        cut.high = (uint32_t)(keys[cut.yes_rows] >> 16);
    }
    t->cuts[at] = cut;
}

static struct cut best_cut(struct top *t)
{
    const size_t n_features = t->growth.sample->n_features;
    size_t wanted = t->growth.options->max_features;
    struct cut best = cut_none();
    bool varied = false;

    node_features(&t->growth, &t->open->node, t->order);
    for (size_t at = 0; at < n_features && !(varied && at); at += wanted, wanted = 1) {
        t->first = at;
        pool_run(t->pool, wanted, try_feature, t);
        for (size_t i = at; i < at + wanted; i++) {
            varied |= t->varied[i];
            if (cut_better(&t->cuts[i], &best, node_slack(t->open)))
                best = t->cuts[i];
        }
    }
    return best;
}

static void part_ranks(uint32_t *ranks, const uint8_t *side, uint32_t rows, uint32_t *spare)
{
    uint32_t yes = 0, no = 0;

    for (uint32_t i = 0; i < rows; i++) {
        const uint32_t rank = ranks[i], s = side[i];
        ranks[yes] = rank;
        spare[no] = rank;
        yes += s;
        no += 1 - s;
    }
    memcpy(ranks + yes, spare, no * sizeof *ranks);
}

static void part_labels(uint16_t *labels, const uint8_t *side, uint32_t rows, uint16_t *spare)
{
    uint32_t yes = 0, no = 0;

    for (uint32_t i = 0; i < rows; i++) {
        const uint16_t label = labels[i];
        const uint32_t s = side[i];
        labels[yes] = label;
        spare[no] = label;
        yes += s;
        no += 1 - s;
    }
    memcpy(labels + yes, spare, no * sizeof *labels);
}

/* Parts one column, or the labels, which come after the last column. */
static void part_column(void *context, size_t part, unsigned thread)
{
    struct top *const t = context;
    const struct sample *const s = t->growth.sample;
    const struct grown_node *const node = &t->open->node;

    if (part < s->n_features)
        part_ranks(s->ranks[part] + node->start, t->side, node->rows, t->scratch[thread].spare);
    else
        part_labels(s->labels + node->start, t->side, node->rows,
                    (uint16_t *)t->scratch[thread].spare);
}

static void split_rows(struct top *t, const struct cut *cut, uint32_t place)
{
    const struct sample *const s = t->growth.sample;
    const struct open_node *const o = t->open;
    const uint32_t start = o->node.start, rows = o->node.rows;
    const uint32_t *const ranks = s->ranks[cut->feature] + start;
    struct tally *const tally = &t->scratch[0].tally;

    for (uint32_t i = 0; i < rows; i++)
        t->side[i] = ranks[i] <= cut->low;
    pool_run(t->pool, s->n_features + 1, part_column, t);
    const struct open_node no = node_open(&t->growth, tally, start + cut->yes_rows,
                                          rows - cut->yes_rows, o->depth + 1, place);
    const struct open_node yes =
        node_open(&t->growth, tally, start, cut->yes_rows, o->depth + 1, NODE_NONE);
    node_push(&t->stack, &no);
    node_push(&t->stack, &yes);
}

/* The top of the tree: nodes too large for a block, one after the other, the threads side by side
 * on the features of each. */
static void grow_top(struct top *t)
{
    const struct growth *const g = &t->growth;
    const uint32_t capacity = block_capacity(g->sample->n_features);
    const struct open_node root =
        node_open(g, &t->scratch[0].tally, 0, (uint32_t)g->sample->n_rows, 0, NODE_NONE);

    node_push(&t->stack, &root);
    while (t->stack.n > 0) {
        const struct open_node o = node_pop(&t->stack, &t->nodes);
        const uint32_t place = (uint32_t)t->nodes.n - 1;
        if (o.leaf)
            continue;
        if (o.node.rows <= capacity) {
            t->tasks = mem_grow(t->tasks, &t->cap_tasks, t->n_tasks + 1, sizeof *t->tasks);
            t->tasks[t->n_tasks++] = (struct task){.root = o, .place = place};
            continue;
        }
        t->open = &o;
        const struct cut cut = best_cut(t);
        if (cut.score == -INFINITY)
            continue;
        node_set_split(g, &t->nodes.nodes[place], &o, &cut);
        split_rows(t, &cut, place);
    }
}

static void grow_task(void *context, size_t part, unsigned thread)
{
    struct top *const t = context;
    struct scratch *const s = &t->scratch[thread];
    struct task *const task = t->by_size[part];

    if (!s->block)
        s->block = block_new(&t->growth);
    block_grow(s->block, &task->root, &task->grown);
    const size_t done = atomic_fetch_add(&t->rows_done, task->root.node.rows);
    if (thread == 0 && t->progress)
        progress_at(t->progress, done + task->root.node.rows);
}

static int larger_first(const void *a, const void *b)
{
    const struct task *const x = *(struct task *const *)a, *const y = *(struct task *const *)b;

    if (x->root.node.rows != y->root.node.rows)
        return x->root.node.rows > y->root.node.rows ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void grow_tasks(struct top *t)
{
    t->by_size = mem_alloc(t->n_tasks, sizeof(struct task *));
    for (size_t i = 0; i < t->n_tasks; i++)
        t->by_size[i] = &t->tasks[i];
    qsort(t->by_size, t->n_tasks, sizeof(struct task *), larger_first);
    pool_run(t->pool, t->n_tasks, grow_task, t);
    free(t->by_size);
}

/* The whole tree in preorder: the top with the grown blocks in the places of their roots. Tasks are
 * in the order of their places. */
static struct grown *join(struct top *t)
{
    struct grown *const g = mem_zero(1, sizeof *g);
    uint32_t *const places = mem_alloc(t->nodes.n, sizeof *places); /* of top nodes in g */
    size_t n = 0;

    for (size_t i = 0, task = 0; i < t->nodes.n; i++) {
        const bool in_block = task < t->n_tasks && t->tasks[task].place == i;
        places[i] = (uint32_t)n;
        n += in_block ? t->tasks[task++].grown.n : 1;
    }
    g->nodes = mem_alloc(n, sizeof *g->nodes);
    g->cap = n;
    for (size_t i = 0, task = 0; i < t->nodes.n; i++) {
        if (task < t->n_tasks && t->tasks[task].place == i) {
            const struct grown *const block = &t->tasks[task++].grown;
            for (size_t k = 0; k < block->n; k++) {
                g->nodes[g->n] = block->nodes[k];
                g->nodes[g->n++].no += places[i];
            }
            free(block->nodes);
        } else {
            g->nodes[g->n] = t->nodes.nodes[i];
            g->nodes[g->n].no = places[t->nodes.nodes[i].no];
            g->n++;
        }
    }
    free(places);
    return g;
}

static void scratch_init(struct scratch *s, const struct sample *sample)
{
    const bool big = sample->n_rows > block_capacity(sample->n_features);

    *s = (struct scratch){0};
    tally_init(&s->tally, sample->n_classes);
    if (big) {
        s->keys = mem_alloc(sample->n_rows, sizeof *s->keys);
        s->more_keys = mem_alloc(sample->n_rows, sizeof *s->more_keys);
        s->spare = mem_alloc(sample->n_rows, sizeof *s->spare);
    }
}

static void scratch_release_keys(struct scratch *s)
{
    free(s->keys);
    free(s->more_keys);
    free(s->spare);
    s->keys = s->more_keys = NULL;
    s->spare = NULL;
}

struct grown *grow(struct sample *s, const struct ranking *r, const struct grow_options *options,
                   struct pool *pool, struct progress *progress)
{
    const unsigned threads = pool_threads(pool);
    struct top t = {
        .growth = {.sample = s, .ranking = r, .options = options},
        .pool = pool,
        .progress = progress,
        .scratch = mem_zero(threads, sizeof *t.scratch),
        .order = mem_alloc(s->n_features, sizeof *t.order),
        .cuts = mem_alloc(s->n_features, sizeof *t.cuts),
        .varied = mem_alloc(s->n_features, sizeof *t.varied),
        .side = mem_alloc(s->n_rows, sizeof *t.side),
    };

    for (unsigned i = 0; i < threads; i++)
        scratch_init(&t.scratch[i], s);
    grow_top(&t);
    for (unsigned i = 0; i < threads; i++)
        scratch_release_keys(&t.scratch[i]);
    grow_tasks(&t);
    struct grown *const g = join(&t);
    for (unsigned i = 0; i < threads; i++) {
        tally_destroy(&t.scratch[i].tally);
        block_free(t.scratch[i].block);
    }
    free(t.scratch);
    free(t.order);
    free(t.cuts);
    free(t.varied);
    free(t.side);
    free(t.stack.items);
    free(t.tasks);
    free(t.nodes.nodes);
    return g;
}

void grown_free(struct grown *g)
{
    if (!g)
        return;
    free(g->nodes);
    free(g);
}
