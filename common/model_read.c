/* Reading a model: a line at a time out of memory. Whatever is wrong is said with its line; a file
 * that was cut anywhere is refused, since each tree says how many nodes it has and the tree count
 * ends the file. */
#include "file.h"
#include "lines.h"
#include "mem.h"
#include "model.h"
#include "num.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS_LOG2 = 40 };
#define MOST_ROWS (UINT64_C(1) << MOST_ROWS_LOG2)

struct reader {
    struct lines l;
    struct model *m;
    size_t cap_features, cap_classes, cap_trees;
    unsigned seen; /* which header lines have come, a bit each */
};

/* The rest of the line as a number, with nothing behind it. */
static bool read_number(struct reader *r, const char *what, uint64_t min, uint64_t max, uint64_t *v)
{
    return lines_u64(&r->l, what, min, max, v) && lines_done(&r->l);
}

static bool read_feature(struct reader *r)
{
    struct model *const m = r->m;
    uint64_t bits;

    if (m->n_features == MODEL_MAX_FEATURES)
        return lines_fail(&r->l, "more than %d features", MODEL_MAX_FEATURES);
    if (!lines_u64(&r->l, "width", 1, 63, &bits))
        return false;
    char *name = NULL;
    if (!lines_rest(&r->l, "feature's name", &name))
        return false;
    m->features = mem_grow(m->features, &r->cap_features, m->n_features + 1, sizeof *m->features);
    m->features[m->n_features++] = (struct model_feature){
        .name = name, .bits = (unsigned)bits, .max = model_feature_max(name, (unsigned)bits)};
    return true;
}

static bool read_class(struct reader *r)
{
    struct model *const m = r->m;
    uint64_t rows;
    double weight = 0;

    if (m->n_classes == MODEL_MAX_CLASSES)
        return lines_fail(&r->l, "more than %d classes", MODEL_MAX_CLASSES);
    if (!lines_u64(&r->l, "number of rows", 0, MOST_ROWS, &rows))
        return false;
    const struct span word = lines_word(&r->l);
    if (num_f64(word.p, word.n, &weight) != NUM_OK || !(weight > 0) || weight > 1e15)
        return lines_fail(&r->l, "weight '%.*s' is not a number above 0",
                          word.n > 40 ? 40 : (int)word.n, word.p);
    char *name = NULL;
    if (!lines_rest(&r->l, "class's name", &name))
        return false;
    m->classes = mem_grow(m->classes, &r->cap_classes, m->n_classes + 1, sizeof *m->classes);
    m->classes[m->n_classes++] = (struct model_class){name, rows, weight};
    return true;
}

static bool read_round(struct reader *r)
{
    const struct span word = lines_word(&r->l);

    if (span_is(word, "floor"))
        r->m->round = ROUND_FLOOR;
    else if (span_is(word, "nearest"))
        r->m->round = ROUND_NEAREST;
    else
        return lines_fail(&r->l, "round is floor or nearest");
    return lines_done(&r->l);
}

struct open {
    uint32_t split, depth;
};

/* A tree in the making. */
struct growing {
    struct tree *t;
    size_t cap_nodes, cap_leaves, cap_rows;
    uint32_t depth;    /* splits above the next node */
    struct open *open; /* splits whose no branch has not come */
    size_t n_open, cap_open;
};

static long find_feature(const struct model *m, struct span name)
{
    for (size_t i = 0; i < m->n_features; i++)
        if (span_is(name, m->features[i].name))
            return (long)i;
    return -1;
}

static bool read_split(struct reader *r, struct tree_node *node)
{
    uint64_t threshold;
    const struct span word = lines_word(&r->l);
    const long feature = find_feature(r->m, r->l.text);

    if (feature < 0)
        return lines_fail(&r->l, "there is no feature '%.*s'",
                          r->l.text.n > 40 ? 40 : (int)r->l.text.n, r->l.text.p);
    if (!lines_u64_of(&r->l, word, "threshold", 0, r->m->features[feature].max - 1, &threshold))
        return false;
    *node = (struct tree_node){.threshold = threshold, .feature = (uint32_t)feature};
    return true;
}

static bool read_leaf(struct reader *r, struct growing *g, struct tree_node *node)
{
    struct tree *const t = g->t;
    const size_t first = t->n_rows;

    while (r->l.text.n > 0) {
        uint64_t number, rows;
        const struct span pair = lines_word(&r->l);
        const char *const colon = pair.n ? memchr(pair.p, ':', pair.n) : NULL;
        if (!colon)
            return lines_fail(&r->l, "a leaf has pairs CLASS:ROWS, not '%.*s'",
                              pair.n > 40 ? 40 : (int)pair.n, pair.p);
        const size_t n = (size_t)(colon - pair.p);
        const struct span after = {colon + 1, pair.n - n - 1};
        if (!lines_u64_of(&r->l, (struct span){pair.p, n}, "class", 1, r->m->n_classes, &number) ||
            !lines_u64_of(&r->l, after, r->m->votes ? "number of votes" : "number of rows", 1,
                          r->m->votes ? r->m->votes : MOST_ROWS, &rows))
            return false;
        if (t->n_rows > first && t->rows[t->n_rows - 1].class_index >= number - 1)
            return lines_fail(&r->l, "the classes of a leaf stand in order, each once");
        t->rows = mem_grow(t->rows, &g->cap_rows, t->n_rows + 1, sizeof *t->rows);
        t->rows[t->n_rows++] = (struct class_rows){(uint32_t)(number - 1), rows};
    }
    if (t->n_rows == first)
        return lines_fail(&r->l, "a leaf without rows");
    t->leaves = mem_grow(t->leaves, &g->cap_leaves, t->n_leaves + 1, sizeof *t->leaves);
    t->leaves[t->n_leaves] = (struct tree_leaf){.first = first, .n = t->n_rows - first};
    *node = (struct tree_node){.feature = TREE_LEAF, .next = (uint32_t)t->n_leaves++};
    return true;
}

/* Reads a node and hangs it in: after a split comes its yes branch, after a leaf the no branch of
 * the last open split. */
static bool read_node(struct reader *r, struct growing *g)
{
    struct tree *const t = g->t;
    struct tree_node node;
    const uint32_t i = (uint32_t)t->n_nodes;

    lines_indent(&r->l);
    const struct span word = lines_word(&r->l);
    const bool split = span_is(word, "split");
    if (!split && !span_is(word, "leaf"))
        return lines_fail(&r->l, "a node is a 'split' or a 'leaf', not '%.*s'",
                          word.n > 40 ? 40 : (int)word.n, word.p);
    if (split ? !read_split(r, &node) : !read_leaf(r, g, &node))
        return false;
    if (i > 0 && t->nodes[i - 1].feature == TREE_LEAF) {
        if (g->n_open == 0)
            return lines_fail(&r->l, "the tree is complete, and here is one more node");
        const struct open parent = g->open[--g->n_open];
        t->nodes[parent.split].next = i;
        g->depth = parent.depth + 1;
    }
    t->nodes = mem_grow(t->nodes, &g->cap_nodes, t->n_nodes + 1, sizeof *t->nodes);
    t->nodes[t->n_nodes++] = node;
    if (split) {
        if (g->depth == MODEL_MAX_DEPTH)
            return lines_fail(&r->l, "deeper than %d", MODEL_MAX_DEPTH);
        g->open = mem_grow(g->open, &g->cap_open, g->n_open + 1, sizeof *g->open);
        g->open[g->n_open++] = (struct open){i, g->depth++};
    }
    return true;
}

static bool read_nodes(struct reader *r, struct growing *g, uint64_t n)
{
    bool cut;

    for (uint64_t k = 0; k < n; k++) {
        if (!lines_next(&r->l, &cut) || cut)
            return lines_fail(&r->l, "the file ends in the middle of tree %zu (%llu of %llu nodes)",
                              r->m->n_trees, (unsigned long long)k, (unsigned long long)n);
        if (!read_node(r, g))
            return false;
    }
    if (g->n_open > 0 || g->t->nodes[g->t->n_nodes - 1].feature != TREE_LEAF)
        return lines_fail(&r->l, "tree %zu is incomplete: a split without its branches",
                          r->m->n_trees);
    return true;
}

static bool read_tree(struct reader *r)
{
    struct model *const m = r->m;
    uint64_t n;

    if (m->n_features == 0 || m->n_classes == 0)
        return lines_fail(&r->l, "a tree before the features and the classes");
    if (m->n_trees == MODEL_MAX_TREES)
        return lines_fail(&r->l, "more than %d trees", MODEL_MAX_TREES);
    if (!read_number(r, "number of nodes", 1, UINT32_MAX - 1, &n))
        return false;
    m->trees = mem_grow(m->trees, &r->cap_trees, m->n_trees + 1, sizeof *m->trees);
    m->trees[m->n_trees] = (struct tree){0};
    struct growing g = {.t = &m->trees[m->n_trees++]};
    const bool ok = read_nodes(r, &g, n);
    free(g.open);
    return ok;
}

static bool read_votes(struct reader *r)
{
    uint64_t votes;

    if (!read_number(r, "most votes", 1, UINT32_MAX, &votes))
        return false;
    r->m->votes = (uint32_t)votes;
    return true;
}

enum header_line {
    LINE_MADE,
    LINE_SEED,
    LINE_ROWS,
    LINE_LABEL,
    LINE_MISSING,
    LINE_ROUND,
    LINE_WEIGHTS,
    LINE_VOTES,
    LINE_TREES,
    LINE_FEATURE, /* from here on a line may come again */
    LINE_CLASS,
    LINE_TREE,
    LINE_COUNT
};

static const char *const line_names[LINE_COUNT] = {
    "made",    "seed",  "rows",  "label",   "missing", "round",
    "weights", "votes", "trees", "feature", "class",   "tree",
};

static bool read_line(struct reader *r, enum header_line line, uint64_t *n_trees)
{
    struct model *const m = r->m;

    if (line != LINE_TREE && m->n_trees > 0)
        return lines_fail(&r->l, "'%s' after a tree", line_names[line]);
    if (line < LINE_FEATURE && r->seen & (1U << line))
        return lines_fail(&r->l, "'%s' stands twice", line_names[line]);
    r->seen |= 1U << line;
    switch (line) {
    case LINE_MADE:
        return lines_rest(&r->l, "text", &m->made);
    case LINE_SEED:
        return read_number(r, "seed", 0, UINT64_MAX, &m->seed);
    case LINE_ROWS:
        return read_number(r, "number of rows", 0, MOST_ROWS, &m->rows);
    case LINE_LABEL:
        return lines_rest(&r->l, "label's name", &m->label);
    case LINE_MISSING:
        m->has_missing = true;
        return read_number(r, "missing value", 0, INT64_MAX, &m->missing);
    case LINE_ROUND:
        return read_round(r);
    case LINE_WEIGHTS:
        return lines_rest(&r->l, "kind of weights", &m->weights);
    case LINE_VOTES:
        return read_votes(r);
    case LINE_TREES:
        return read_number(r, "number of trees", 1, MODEL_MAX_TREES, n_trees);
    case LINE_FEATURE:
        return read_feature(r);
    case LINE_CLASS:
        return read_class(r);
    case LINE_TREE:
        return read_tree(r);
    case LINE_COUNT:
        break;
    }
    return false;
}

static bool read_lines(struct reader *r, uint64_t *n_trees)
{
    bool cut;

    while (lines_next(&r->l, &cut)) {
        if (cut)
            return lines_fail(&r->l, "the file ends in the middle of this line");
        const struct span word = lines_word(&r->l);
        unsigned line = 0;
        while (line < LINE_COUNT && !span_is(word, line_names[line]))
            line++;
        if (line == LINE_COUNT)
            return lines_fail(&r->l, "unknown line '%.*s'", word.n > 40 ? 40 : (int)word.n, word.p);
        if (!read_line(r, (enum header_line)line, n_trees))
            return false;
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The first name that stands twice, or NULL. Sorts the array. */
static const char *repeated(const char **names, size_t n)
{
    qsort(names, n, sizeof *names, compare_names);
    for (size_t i = 1; i < n; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return names[i];
    return NULL;
}

static bool check_names(struct reader *r)
{
    const struct model *const m = r->m;
    const char **const names = mem_alloc(m->n_features + m->n_classes, sizeof *names);

    for (size_t i = 0; i < m->n_features; i++)
        names[i] = m->features[i].name;
    const char *const feature = repeated(names, m->n_features);
    for (size_t i = 0; i < m->n_classes; i++)
        names[i] = m->classes[i].name;
    const char *const class = repeated(names, m->n_classes);
    free(names);
    if (feature)
        return err_set(r->l.e, "%s: feature '%s' stands twice", r->l.name, feature);
    if (class)
        return err_set(r->l.e, "%s: class '%s' stands twice", r->l.name, class);
    return true;
}

static bool check_whole(struct reader *r, uint64_t n_trees)
{
    static const enum header_line needed[] = {LINE_MADE,    LINE_SEED,  LINE_ROWS,    LINE_LABEL,
                                              LINE_WEIGHTS, LINE_TREES, LINE_FEATURE, LINE_CLASS};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!(r->seen & (1U << needed[i])))
            return err_set(r->l.e, "%s: there is no line '%s'", r->l.name, line_names[needed[i]]);
    if (r->m->n_trees != n_trees)
        return err_set(r->l.e, "%s: the file ends after %zu of %llu trees", r->l.name,
                       r->m->n_trees, (unsigned long long)n_trees);
    if (r->m->votes > UINT32_MAX / n_trees)
        return err_set(r->l.e, "%s: %llu trees of up to %u votes: their sum passes 32 bits",
                       r->l.name, (unsigned long long)n_trees, r->m->votes);
    return check_names(r);
}

struct model *model_read_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct reader r = {.l = lines_new(p, n, name, e)};
    uint64_t n_trees = 0;

    r.m = mem_zero(1, sizeof *r.m);
    if (lines_begin(&r.l, "weir-tree 1", "a tree model") && read_lines(&r, &n_trees) &&
        check_whole(&r, n_trees)) {
        model_close(r.m);
        return r.m;
    }
    model_free(r.m);
    return NULL;
}

struct model *model_read(const char *path, struct err *e)
{
    size_t n;
    char *const text = file_read(path, &n, e);
    struct model *const m = text ? model_read_memory(text, n, file_name(path), e) : NULL;

    free(text);
    return m;
}
