/* Reading a model: a line at a time out of memory. Whatever is wrong is said with its line; a file
 * that was cut anywhere is refused, since each tree says how many nodes it has and the tree count
 * ends the file. */
#include "file.h"
#include "mem.h"
#include "model.h"
#include "num.h"
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS_LOG2 = 40 };
#define MOST_ROWS (UINT64_C(1) << MOST_ROWS_LOG2)

struct reader {
    const char *name; /* of the file */
    const char *p, *end;
    uint64_t line;
    struct span text; /* what is left of the current line */
    struct model *m;
    size_t cap_features, cap_classes, cap_trees;
    unsigned seen; /* which header lines have come, a bit each */
    struct err *e;
};

static bool bad(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool bad(struct reader *r, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(r->e, "%s:%llu: %s", r->name, (unsigned long long)r->line, text);
}

/* The next line into r->text; false at the end of the file. Every line ends in a newline: the last
 * one without it was cut. */
static bool next_line(struct reader *r, bool *cut)
{
    *cut = false;
    if (r->p == r->end)
        return false;
    const char *const newline = memchr(r->p, '\n', (size_t)(r->end - r->p));
    *cut = !newline;
    r->line++;
    r->text = (struct span){r->p, (size_t)((newline ? newline : r->end) - r->p)};
    r->p = newline ? newline + 1 : r->end;
    return true;
}

static void skip_indent(struct reader *r)
{
    while (r->text.n > 0 && r->text.p[0] == ' ') {
        r->text.p++;
        r->text.n--;
    }
}

/* Cuts the next word off r->text; words are parted by one blank. */
static struct span take_word(struct reader *r)
{
    const char *const blank = r->text.n ? memchr(r->text.p, ' ', r->text.n) : NULL;
    const size_t n = blank ? (size_t)(blank - r->text.p) : r->text.n;
    const struct span word = {r->text.p, n};
    const size_t skip = n + (blank ? 1 : 0);

    r->text = (struct span){r->text.p + skip, r->text.n - skip};
    return word;
}

static bool to_number(struct reader *r, struct span word, const char *what, uint64_t min,
                      uint64_t max, uint64_t *v)
{
    const enum num_status status = num_u64(word.p, word.n, v);
    const int shown = word.n > 40 ? 40 : (int)word.n;

    if (status == NUM_EMPTY)
        return bad(r, "the %s is missing", what);
    if (status == NUM_SYNTAX)
        return bad(r, "%s '%.*s' is not an integer", what, shown, word.p);
    if (status == NUM_RANGE || *v < min || *v > max)
        return bad(r, "%s '%.*s' is not in %llu..%llu", what, shown, word.p,
                   (unsigned long long)min, (unsigned long long)max);
    return true;
}

static bool take_number(struct reader *r, const char *what, uint64_t min, uint64_t max, uint64_t *v)
{
    return to_number(r, take_word(r), what, min, max, v);
}

/* The rest of the line as a name. NULL when it is none. */
static char *take_name(struct reader *r, const char *what)
{
    for (size_t i = 0; i < r->text.n; i++)
        if ((unsigned char)r->text.p[i] < ' ' || r->text.p[i] == 127) {
            bad(r, "the %s has a control character", what);
            return NULL;
        }
    if (r->text.n == 0) {
        bad(r, "the %s is missing", what);
        return NULL;
    }
    return mem_string(r->text.p, r->text.n);
}

static bool take_string(struct reader *r, const char *what, char **to)
{
    free(*to);
    *to = take_name(r, what);
    return *to != NULL;
}

static bool read_feature(struct reader *r)
{
    struct model *const m = r->m;
    uint64_t bits;

    if (m->n_features == MODEL_MAX_FEATURES)
        return bad(r, "more than %d features", MODEL_MAX_FEATURES);
    if (!take_number(r, "width", 1, 63, &bits))
        return false;
    char *const name = take_name(r, "feature's name");
    if (!name)
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
        return bad(r, "more than %d classes", MODEL_MAX_CLASSES);
    if (!take_number(r, "number of rows", 0, MOST_ROWS, &rows))
        return false;
    const struct span word = take_word(r);
    if (num_f64(word.p, word.n, &weight) != NUM_OK || !(weight > 0) || weight > 1e15)
        return bad(r, "weight '%.*s' is not a number above 0", word.n > 40 ? 40 : (int)word.n,
                   word.p);
    char *const name = take_name(r, "class's name");
    if (!name)
        return false;
    m->classes = mem_grow(m->classes, &r->cap_classes, m->n_classes + 1, sizeof *m->classes);
    m->classes[m->n_classes++] = (struct model_class){name, rows, weight};
    return true;
}

static bool read_round(struct reader *r)
{
    const struct span word = take_word(r);

    if (span_is(word, "floor"))
        r->m->round = ROUND_FLOOR;
    else if (span_is(word, "nearest"))
        r->m->round = ROUND_NEAREST;
    else
        return bad(r, "round is floor or nearest");
    return true;
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
    const struct span word = take_word(r);
    const long feature = find_feature(r->m, r->text);

    if (feature < 0)
        return bad(r, "there is no feature '%.*s'", r->text.n > 40 ? 40 : (int)r->text.n,
                   r->text.p);
    if (!to_number(r, word, "threshold", 0, r->m->features[feature].max - 1, &threshold))
        return false;
    *node = (struct tree_node){.threshold = threshold, .feature = (uint32_t)feature};
    return true;
}

static bool read_leaf(struct reader *r, struct growing *g, struct tree_node *node)
{
    struct tree *const t = g->t;
    const size_t first = t->n_rows;

    while (r->text.n > 0) {
        uint64_t number, rows;
        const struct span pair = take_word(r);
        const char *const colon = pair.n ? memchr(pair.p, ':', pair.n) : NULL;
        if (!colon)
            return bad(r, "a leaf has pairs CLASS:ROWS, not '%.*s'", pair.n > 40 ? 40 : (int)pair.n,
                       pair.p);
        const size_t n = (size_t)(colon - pair.p);
        if (!to_number(r, (struct span){pair.p, n}, "class", 1, r->m->n_classes, &number) ||
            !to_number(r, (struct span){colon + 1, pair.n - n - 1}, "number of rows", 1, MOST_ROWS,
                       &rows))
            return false;
        if (t->n_rows > first && t->rows[t->n_rows - 1].class_index >= number - 1)
            return bad(r, "the classes of a leaf stand in order, each once");
        t->rows = mem_grow(t->rows, &g->cap_rows, t->n_rows + 1, sizeof *t->rows);
        t->rows[t->n_rows++] = (struct class_rows){(uint32_t)(number - 1), rows};
    }
    if (t->n_rows == first)
        return bad(r, "a leaf without rows");
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

    skip_indent(r);
    const struct span word = take_word(r);
    const bool split = span_is(word, "split");
    if (!split && !span_is(word, "leaf"))
        return bad(r, "a node is a 'split' or a 'leaf', not '%.*s'", word.n > 40 ? 40 : (int)word.n,
                   word.p);
    if (split ? !read_split(r, &node) : !read_leaf(r, g, &node))
        return false;
    if (i > 0 && t->nodes[i - 1].feature == TREE_LEAF) {
        if (g->n_open == 0)
            return bad(r, "the tree is complete, and here is one more node");
        const struct open parent = g->open[--g->n_open];
        t->nodes[parent.split].next = i;
        g->depth = parent.depth + 1;
    }
    t->nodes = mem_grow(t->nodes, &g->cap_nodes, t->n_nodes + 1, sizeof *t->nodes);
    t->nodes[t->n_nodes++] = node;
    if (split) {
        if (g->depth == MODEL_MAX_DEPTH)
            return bad(r, "deeper than %d", MODEL_MAX_DEPTH);
        g->open = mem_grow(g->open, &g->cap_open, g->n_open + 1, sizeof *g->open);
        g->open[g->n_open++] = (struct open){i, g->depth++};
    }
    return true;
}

static bool read_nodes(struct reader *r, struct growing *g, uint64_t n)
{
    bool cut;

    for (uint64_t k = 0; k < n; k++) {
        if (!next_line(r, &cut) || cut)
            return bad(r, "the file ends in the middle of tree %zu (%llu of %llu nodes)",
                       r->m->n_trees, (unsigned long long)k, (unsigned long long)n);
        if (!read_node(r, g))
            return false;
    }
    if (g->n_open > 0 || g->t->nodes[g->t->n_nodes - 1].feature != TREE_LEAF)
        return bad(r, "tree %zu is incomplete: a split without its branches", r->m->n_trees);
    return true;
}

static bool read_tree(struct reader *r)
{
    struct model *const m = r->m;
    uint64_t n;

    if (m->n_features == 0 || m->n_classes == 0)
        return bad(r, "a tree before the features and the classes");
    if (m->n_trees == MODEL_MAX_TREES)
        return bad(r, "more than %d trees", MODEL_MAX_TREES);
    if (!take_number(r, "number of nodes", 1, UINT32_MAX - 1, &n))
        return false;
    m->trees = mem_grow(m->trees, &r->cap_trees, m->n_trees + 1, sizeof *m->trees);
    m->trees[m->n_trees] = (struct tree){0};
    struct growing g = {.t = &m->trees[m->n_trees++]};
    const bool ok = read_nodes(r, &g, n);
    free(g.open);
    return ok;
}

enum header_line {
    LINE_MADE,
    LINE_SEED,
    LINE_ROWS,
    LINE_LABEL,
    LINE_MISSING,
    LINE_ROUND,
    LINE_WEIGHTS,
    LINE_TREES,
    LINE_FEATURE, /* from here on a line may come again */
    LINE_CLASS,
    LINE_TREE,
    LINE_COUNT
};

static const char *const line_names[LINE_COUNT] = {
    "made",    "seed",  "rows",    "label", "missing", "round",
    "weights", "trees", "feature", "class", "tree",
};

static bool read_line(struct reader *r, enum header_line line, uint64_t *n_trees)
{
    struct model *const m = r->m;

    if (line != LINE_TREE && m->n_trees > 0)
        return bad(r, "'%s' after a tree", line_names[line]);
    if (line < LINE_FEATURE && r->seen & (1U << line))
        return bad(r, "'%s' stands twice", line_names[line]);
    r->seen |= 1U << line;
    switch (line) {
    case LINE_MADE:
        return take_string(r, "text", &m->made);
    case LINE_SEED:
        return take_number(r, "seed", 0, UINT64_MAX, &m->seed);
    case LINE_ROWS:
        return take_number(r, "number of rows", 0, MOST_ROWS, &m->rows);
    case LINE_LABEL:
        return take_string(r, "label's name", &m->label);
    case LINE_MISSING:
        m->has_missing = true;
        return take_number(r, "missing value", 0, INT64_MAX, &m->missing);
    case LINE_ROUND:
        return read_round(r);
    case LINE_WEIGHTS:
        return take_string(r, "kind of weights", &m->weights);
    case LINE_TREES:
        return take_number(r, "number of trees", 1, MODEL_MAX_TREES, n_trees);
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

    while (next_line(r, &cut)) {
        if (cut)
            return bad(r, "the file ends in the middle of this line");
        const struct span word = take_word(r);
        unsigned line = 0;
        while (line < LINE_COUNT && !span_is(word, line_names[line]))
            line++;
        if (line == LINE_COUNT)
            return bad(r, "unknown line '%.*s'", word.n > 40 ? 40 : (int)word.n, word.p);
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
        return err_set(r->e, "%s: feature '%s' stands twice", r->name, feature);
    if (class)
        return err_set(r->e, "%s: class '%s' stands twice", r->name, class);
    return true;
}

static bool check_whole(struct reader *r, uint64_t n_trees)
{
    static const enum header_line needed[] = {LINE_MADE,    LINE_SEED,  LINE_ROWS,    LINE_LABEL,
                                              LINE_WEIGHTS, LINE_TREES, LINE_FEATURE, LINE_CLASS};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!(r->seen & (1U << needed[i])))
            return err_set(r->e, "%s: there is no line '%s'", r->name, line_names[needed[i]]);
    if (r->m->n_trees != n_trees)
        return err_set(r->e, "%s: the file ends after %zu of %llu trees", r->name, r->m->n_trees,
                       (unsigned long long)n_trees);
    return check_names(r);
}

struct model *model_read_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct reader r = {.name = name, .p = p, .end = (const char *)p + n, .e = e};
    uint64_t n_trees = 0;
    bool cut;

    r.m = mem_zero(1, sizeof *r.m);
    if (n == 0)
        err_set(e, "%s: is empty (a model begins with 'weir-tree 1')", name);
    else if (!next_line(&r, &cut) || cut || !span_is(r.text, "weir-tree 1"))
        bad(&r, "is not a tree model of version 1 (it would begin with 'weir-tree 1')");
    else if (read_lines(&r, &n_trees) && check_whole(&r, n_trees)) {
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
