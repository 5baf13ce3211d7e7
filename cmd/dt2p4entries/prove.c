#include "prove.h"

#include "mem.h"
#include "prefix.h"
#include "textbuf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One table as boxes against one tree. */
struct proving {
    const struct model *m;
    const struct entries *x;
    const struct entry_table *table;
    const struct tree *tree;
    size_t n_dims;         /* features; 1 in a table of codes */
    struct interval *rows; /* n_rows boxes of n_dims, first match first */
    size_t *row_of;        /* the row in the table */
    size_t n_rows;
    struct interval *box; /* where the recursion is */
    uint32_t *lists;      /* a stack of lists of rows */
    size_t cap_lists;
    uint64_t *expected; /* n_params, of the current leaf */
    uint64_t boxes;
    unsigned depth; /* of cuts */
    struct err *e;
};

/* Entries of our own need far fewer cuts within a cut; a stranger's file must not end the stack. */
enum { MAX_CUTS = 20000 };

struct list {
    size_t first, n; /* in lists */
};

/* ---- The rows of a table as boxes ---- */

static bool box_of_field(const struct proving *p, size_t row, size_t field, struct interval *range)
{
    const struct entry_field *const f = &p->table->fields[field];
    const struct entry_key key = p->table->keys[row * p->table->n_fields + field];

    *range = (struct interval){key.a, key.b};
    return f->match == MATCH_RANGE || prefix_range((struct masked){key.a, key.b}, f->bits, range) ||
           err_set(p->e,
                   "table '%s': the mask 0x%" PRIx64 " of entry %zu is no prefix, so that it "
                   "can't be proved",
                   p->table->name, key.b, row + 1);
}

/* The values of a feature whose codes match a row: bits that must be set give the least, bits that
 * must not the greatest. False where no code has both. */
static bool box_of_codes(const struct proving *p, const struct entry_key *keys, size_t feature,
                         struct interval *range)
{
    const struct entry_feature *const f = &p->x->features[feature];
    size_t low = 0, high = f->n_thresholds; /* thresholds that the value is above */

    for (size_t i = 0; i < f->code_bits; i++) {
        const struct entry_key word = keys[f->code_slot - p->x->n_features + i / ENTRY_WORD_BITS];
        const uint64_t bit = UINT64_C(1) << (i % ENTRY_WORD_BITS);
        if (!(word.b & bit))
            continue;
        if (word.a & bit)
            low = i + 1;
        else if (i < high)
            high = i;
    }
    if (low > high)
        return false;
    range->low = low == 0 ? 0 : f->thresholds[low - 1] + 1;
    range->high = high == f->n_thresholds ? prefix_top(f->bits) : f->thresholds[high];
    return true;
}

static bool box_of_row(const struct proving *p, size_t row, struct interval *box, bool *empty)
{
    *empty = false;
    if (p->table->role == TABLE_CODE || p->x->encoding != ENCODING_CODED) {
        for (size_t i = 0; i < p->table->n_fields; i++)
            if (!box_of_field(p, row, i, &box[i]))
                return false;
        return true;
    }
    for (size_t i = 0; i < p->n_dims && !*empty; i++)
        *empty = !box_of_codes(p, p->table->keys + row * p->table->n_fields, i, &box[i]);
    return true;
}

static bool find_boxes(struct proving *p)
{
    p->rows = mem_alloc(p->table->n * p->n_dims, sizeof *p->rows);
    p->row_of = mem_alloc(p->table->n, sizeof *p->row_of);
    for (size_t i = 0; i < p->table->n; i++) {
        bool empty;
        if (!box_of_row(p, i, p->rows + p->n_rows * p->n_dims, &empty))
            return false;
        if (!empty)
            p->row_of[p->n_rows++] = i;
    }
    return true;
}

/* ---- What a leaf should give ---- */

/* The steps of a table of codes are numbered like the leaves of its tree. */
static void expect_leaf(struct proving *p, uint32_t leaf)
{
    if (p->table->role == TABLE_CODE) {
        for (size_t i = 0; i < p->table->n_params; i++) {
            const size_t first = i * ENTRY_WORD_BITS;
            const size_t set = leaf <= first ? 0 : leaf - first;
            p->expected[i] = set == 0 ? 0 : prefix_top(set < 64 ? (unsigned)set : 64);
        }
        return;
    }
    if (p->x->n_trees == 1) {
        p->expected[0] = p->tree->leaves[leaf].verdict + 1;
        return;
    }
    uint32_t *const votes = mem_alloc(p->x->n_classes, sizeof *votes);
    model_votes(p->m, p->tree, leaf, votes);
    for (size_t i = 0; i < p->x->n_classes; i++)
        p->expected[i] = votes[i];
    free(votes);
}

static bool is_expected(const struct proving *p, const uint64_t *values)
{
    return values && memcmp(values, p->expected, p->table->n_params * sizeof *values) == 0;
}

/* ---- Messages ---- */

char *row_text(const struct model *m, const uint64_t *row)
{
    struct textbuf t = {0};

    for (size_t i = 0; i < m->n_features; i++)
        textbuf_printf(&t, "%s%s %" PRIu64, i == 0 ? "" : ", ", m->features[i].name, row[i]);
    return t.p;
}

static char *values_text(const struct proving *p, const uint64_t *values)
{
    const bool code = p->table->role == TABLE_CODE;
    struct textbuf t = {0};

    if (!values) {
        textbuf_put(&t, "nothing");
    } else if (!code && p->x->n_trees == 1) {
        textbuf_printf(&t, "class %" PRIu64 " (%s)", values[0],
                       values[0] == 0 ? "no verdict" : p->m->classes[values[0] - 1].name);
    } else {
        textbuf_put(&t, code ? "code" : "votes");
        for (size_t i = 0; i < p->table->n_params; i++)
            textbuf_printf(&t, code ? " 0x%" PRIx64 : " %" PRIu64, values[i]);
    }
    return t.p;
}

/* The lowest corner of what the current box and a row (NULL: none) share is where they differ. */
static bool say_difference(const struct proving *p, const struct interval *row,
                           const uint64_t *values)
{
    uint64_t *const at = mem_alloc(p->n_dims, sizeof *at);
    char *const model = values_text(p, p->expected), *const table = values_text(p, values);

    for (size_t i = 0; i < p->n_dims; i++)
        at[i] = row && row[i].low > p->box[i].low ? row[i].low : p->box[i].low;
    if (p->table->role == TABLE_CODE) {
        err_set(p->e, "table '%s' gives %s for %s %" PRIu64 ", where the thresholds make %s",
                p->table->name, table, p->m->features[p->table->index].name, at[0], model);
    } else {
        char *const text = row_text(p->m, at);
        err_set(p->e, "table '%s' gives %s for %s, where the model gives %s", p->table->name, table,
                text, model);
        free(text);
    }
    free(at);
    free(model);
    free(table);
    return false;
}

/* ---- Recursion over boxes ---- */

static const struct interval *row_box(const struct proving *p, uint32_t row)
{
    return p->rows + row * p->n_dims;
}

static bool covers(const struct interval *row, const struct interval *box, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (row[i].low > box[i].low || row[i].high < box[i].high)
            return false;
    return true;
}

/* The rows of a list that intersect the current box in one dimension (they do in the others), on
 * top of the stack. */
static struct list narrow(struct proving *p, struct list from, size_t dim)
{
    const struct interval range = p->box[dim];
    struct list to = {from.first + from.n, 0};

    p->lists = mem_grow(p->lists, &p->cap_lists, to.first + from.n, sizeof *p->lists);
    for (size_t i = 0; i < from.n; i++) {
        const uint32_t row = p->lists[from.first + i];
        const struct interval *const r = &row_box(p, row)[dim];
        if (r->low <= range.high && range.low <= r->high)
            p->lists[to.first + to.n++] = row;
    }
    return to;
}

static bool prove_box(struct proving *p, struct list list);

/* Both sides of a cut of the current box: values up to `cut` and those above. */
static bool prove_halves(struct proving *p, struct list list, size_t dim, uint64_t cut)
{
    const struct interval whole = p->box[dim];

    if (p->depth == MAX_CUTS)
        return err_set(p->e, "table '%s' cuts its boxes more than %d times within each other",
                       p->table->name, MAX_CUTS);
    p->depth++;
    p->box[dim].high = cut;
    bool ok = prove_box(p, narrow(p, list, dim));
    if (ok) {
        p->box[dim] = (struct interval){cut + 1, whole.high};
        ok = prove_box(p, narrow(p, list, dim));
    }
    p->depth--;
    p->box[dim] = whole;
    return ok;
}

/* The current box lies in one leaf. Cuts it along the sides of its rows until the first one left
 * covers what is left. */
static bool prove_box(struct proving *p, struct list list)
{
    if (list.n == 0) {
        p->boxes++;
        const uint64_t *const values = p->table->has_default ? p->table->defaults : NULL;
        return is_expected(p, values) || say_difference(p, NULL, values);
    }
    const uint32_t first = p->lists[list.first];
    const uint64_t *const values = p->table->values + p->row_of[first] * p->table->n_params;
    if (!is_expected(p, values))
        return say_difference(p, row_box(p, first), values);
    if (covers(row_box(p, first), p->box, p->n_dims)) {
        p->boxes++;
        return true;
    }
    /* A row in the middle of the list halves it more often than the first. */
    uint32_t row = p->lists[list.first + list.n / 2];
    if (covers(row_box(p, row), p->box, p->n_dims))
        row = first;
    const struct interval *const r = row_box(p, row);
    for (size_t i = 0;; i++) {
        if (r[i].low > p->box[i].low)
            return prove_halves(p, list, i, r[i].low - 1);
        if (r[i].high < p->box[i].high)
            return prove_halves(p, list, i, r[i].high);
    }
}

static bool prove_node(struct proving *p, size_t node, struct list list)
{
    const struct tree_node *const n = &p->tree->nodes[node];

    if (n->feature == TREE_LEAF) {
        expect_leaf(p, n->next);
        return prove_box(p, list);
    }
    const struct interval whole = p->box[n->feature];
    bool ok = true;
    if (whole.low <= n->threshold) {
        p->box[n->feature].high = n->threshold < whole.high ? n->threshold : whole.high;
        ok = prove_node(p, node + 1, narrow(p, list, n->feature));
    }
    if (ok && n->threshold < whole.high) {
        p->box[n->feature] = whole;
        if (whole.low <= n->threshold)
            p->box[n->feature].low = n->threshold + 1;
        ok = prove_node(p, n->next, narrow(p, list, n->feature));
    }
    p->box[n->feature] = whole;
    return ok;
}

/* The steps [from, to] of a feature as a balanced tree. */
static void build_steps(struct tree *t, const struct entry_feature *f, size_t from, size_t to)
{
    const size_t node = t->n_nodes++;

    if (from == to) {
        t->nodes[node] = (struct tree_node){.feature = TREE_LEAF, .next = (uint32_t)from};
        return;
    }
    const size_t middle = (from + to) / 2;
    build_steps(t, f, from, middle);
    t->nodes[node] =
        (struct tree_node){.threshold = f->thresholds[middle], .next = (uint32_t)t->n_nodes};
    build_steps(t, f, middle + 1, to);
}

static bool prove_table(struct proving *p, const uint64_t *tops)
{
    bool ok = find_boxes(p);

    p->box = mem_alloc(p->n_dims, sizeof *p->box);
    p->expected = mem_alloc(p->table->n_params, sizeof *p->expected);
    for (size_t i = 0; i < p->n_dims; i++)
        p->box[i] = (struct interval){0, tops[i]};
    p->lists = mem_grow(p->lists, &p->cap_lists, p->n_rows, sizeof *p->lists);
    for (size_t i = 0; i < p->n_rows; i++)
        p->lists[i] = (uint32_t)i;
    ok = ok && prove_node(p, 0, (struct list){0, p->n_rows});
    free(p->rows);
    free(p->row_of);
    free(p->box);
    free(p->expected);
    free(p->lists);
    return ok;
}

static bool prove_codes(struct proving *p)
{
    const struct entry_feature *const f = &p->x->features[p->table->index];
    struct tree steps = {.nodes = mem_alloc(2 * f->n_thresholds + 1, sizeof *steps.nodes)};

    build_steps(&steps, f, 0, f->n_thresholds);
    p->tree = &steps;
    p->n_dims = 1;
    const bool ok = prove_table(p, &f->max);
    free(steps.nodes);
    return ok;
}

static bool prove_verdicts(struct proving *p)
{
    uint64_t *const tops = mem_alloc(p->x->n_features, sizeof *tops);

    for (size_t i = 0; i < p->x->n_features; i++)
        tops[i] = p->x->features[i].max;
    p->tree = &p->m->trees[p->table->index];
    p->n_dims = p->x->n_features;
    const bool ok = prove_table(p, tops);
    free(tops);
    return ok;
}

bool prove_entries(const struct model *m, const struct entries *x, struct proof *proof,
                   struct err *e)
{
    *proof = (struct proof){0};
    for (size_t i = 0; i < x->n_tables; i++) {
        struct proving p = {.m = m, .x = x, .table = &x->tables[i], .e = e};
        if (p.table->role == TABLE_CODE ? !prove_codes(&p) : !prove_verdicts(&p))
            return false;
        proof->boxes += p.boxes;
    }
    return prove_grid(m, x, &proof->points, e);
}
