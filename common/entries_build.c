#include "entries.h"
#include "mem.h"
#include "prefix.h"

#include <stdlib.h>
#include <string.h>

/* What a leaf gives, as a number: leaves that give the same share it. A tree's is the class. */
struct outcomes {
    uint32_t *of_leaf;
    uint32_t *leaf_of; /* forest: a leaf that gives it */
};

struct vote {
    uint32_t class_index, votes;
};

/* The votes that are not 0, leaf after leaf. */
struct vote_lists {
    struct vote *votes;
    size_t *first; /* n_leaves + 1 */
};

static int by_votes(const void *a, const void *b, void *context)
{
    const struct vote_lists *const v = context;
    const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const size_t n = v->first[i + 1] - v->first[i], m = v->first[j + 1] - v->first[j];

    if (n != m)
        return n < m ? -1 : 1;
    for (size_t k = 0; k < n; k++) {
        const struct vote p = v->votes[v->first[i] + k], q = v->votes[v->first[j] + k];
        if (p.class_index != q.class_index)
            return p.class_index < q.class_index ? -1 : 1;
        if (p.votes != q.votes)
            return p.votes < q.votes ? -1 : 1;
    }
    return 0;
}

static struct vote_lists list_votes(const struct model *m, const struct tree *t)
{
    struct vote_lists v = {0};
    uint32_t *const votes = mem_alloc(m->n_classes, sizeof *votes);
    size_t n = 0;

    v.votes = mem_alloc(t->n_rows, sizeof *v.votes);
    v.first = mem_zero(t->n_leaves + 1, sizeof *v.first);
    for (uint32_t i = 0; i < t->n_leaves; i++) {
        model_votes(m, t, i, votes);
        for (size_t k = 0; k < t->leaves[i].n; k++) {
            const uint32_t c = t->rows[t->leaves[i].first + k].class_index;
            if (votes[c] > 0)
                v.votes[n++] = (struct vote){c, votes[c]};
        }
        v.first[i + 1] = n;
    }
    free(votes);
    return v;
}

static void number_votes(const struct model *m, const struct tree *t, struct outcomes *o)
{
    struct vote_lists v = list_votes(m, t);
    uint32_t *const order = mem_alloc(t->n_leaves, sizeof *order);
    uint32_t n = 0;

    for (uint32_t i = 0; i < t->n_leaves; i++)
        order[i] = i;
    qsort_r(order, t->n_leaves, sizeof *order, by_votes, &v);
    o->leaf_of = mem_alloc(t->n_leaves, sizeof *o->leaf_of);
    for (size_t i = 0; i < t->n_leaves; i++) {
        if (i == 0 || by_votes(&order[i], &order[i - 1], &v) != 0)
            o->leaf_of[n++] = order[i];
        o->of_leaf[order[i]] = n - 1;
    }
    free(order);
    free(v.votes);
    free(v.first);
}

static struct outcomes outcomes_of(const struct model *m, const struct tree *t)
{
    struct outcomes o = {.of_leaf = mem_alloc(t->n_leaves, sizeof *o.of_leaf)};

    if (m->n_trees > 1)
        number_votes(m, t, &o);
    else
        for (size_t i = 0; i < t->n_leaves; i++)
            o.of_leaf[i] = t->leaves[i].verdict;
    return o;
}

static void outcomes_free(struct outcomes *o)
{
    free(o->of_leaf);
    free(o->leaf_of);
}

/* One table that is being filled, or only counted. */
struct filling {
    const struct model *m;
    const struct tree *tree;
    const struct entries *x;
    struct entry_table *table; /* NULL: count */
    struct outcomes outcomes;
    enum entries_encoding encoding;
    uint64_t n;
};

static void put_outcome(const struct filling *f, uint32_t outcome, uint64_t *values)
{
    if (f->m->n_trees == 1) {
        values[0] = outcome + 1;
        return;
    }
    uint32_t *const votes = mem_alloc(f->m->n_classes, sizeof *votes);
    model_votes(f->m, f->tree, f->outcomes.leaf_of[outcome], votes);
    for (size_t i = 0; i < f->m->n_classes; i++)
        values[i] = votes[i];
    free(votes);
}

static size_t place_of(const struct entry_feature *f, uint64_t threshold)
{
    size_t low = 0, high = f->n_thresholds;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (f->thresholds[middle] < threshold)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Sets the bit of one threshold: the value is above it, or is not. */
static void put_code_bit(struct entry_key *words, size_t bit, bool above)
{
    struct entry_key *const word = &words[bit / ENTRY_WORD_BITS];
    const uint64_t mask = UINT64_C(1) << (bit % ENTRY_WORD_BITS);

    word->b |= mask;
    word->a |= above ? mask : 0;
}

static void put_codes(const struct filling *f, const struct interval *box, struct entry_key *keys)
{
    memset(keys, 0, f->table->n_fields * sizeof *keys);
    for (size_t i = 0; i < f->x->n_features; i++) {
        const struct entry_feature *const feature = &f->x->features[i];
        struct entry_key *const words = keys + (feature->code_slot - f->x->n_features);
        if (box[i].low > 0)
            put_code_bit(words, place_of(feature, box[i].low - 1), true);
        if (box[i].high < prefix_top(feature->bits))
            put_code_bit(words, place_of(feature, box[i].high), false);
    }
}

/* Adds a row for every combination of prefixes of the box's ranges. */
static void put_prefixes(struct filling *f, const struct interval *box, uint32_t outcome)
{
    const size_t n = f->x->n_features;
    struct masked(*const covers)[PREFIX_COVER_MAX] = mem_alloc(n, sizeof *covers);
    size_t *const counts = mem_alloc(n, sizeof *counts);
    size_t *const at = mem_zero(n, sizeof *at);
    size_t i = 0;

    for (size_t k = 0; k < n; k++)
        counts[k] = prefix_cover(box[k], f->x->features[k].bits, covers[k]);
    do {
        const size_t row = entry_table_add(f->table);
        struct entry_key *const keys = entry_table_keys(f->table, row);
        for (size_t k = 0; k < n; k++)
            keys[k] = (struct entry_key){covers[k][at[k]].value, covers[k][at[k]].mask};
        put_outcome(f, outcome, entry_table_values(f->table, row));
        for (i = 0; i < n && ++at[i] == counts[i]; i++)
            at[i] = 0;
    } while (i < n);
    free(covers);
    free(counts);
    free(at);
}

static uint64_t saturated_product(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static void put_box(void *context, const struct interval *box, uint32_t outcome)
{
    struct filling *const f = context;
    uint64_t n = 1;

    for (size_t i = 0; i < f->m->n_features && f->encoding == ENCODING_TERNARY; i++)
        n = saturated_product(n, prefix_cover_count(box[i], f->m->features[i].bits));
    f->n = f->n > UINT64_MAX - n ? UINT64_MAX : f->n + n;
    if (!f->table)
        return;
    if (f->encoding == ENCODING_TERNARY) {
        put_prefixes(f, box, outcome);
        return;
    }
    const size_t row = entry_table_add(f->table);
    struct entry_key *const keys = entry_table_keys(f->table, row);
    if (f->encoding == ENCODING_CODED)
        put_codes(f, box, keys);
    else
        for (size_t i = 0; i < f->m->n_features; i++)
            keys[i] = (struct entry_key){box[i].low, box[i].high};
    put_outcome(f, outcome, entry_table_values(f->table, row));
}

/* Fills (or with table NULL counts) the table of one tree; returns its entries. */
static uint64_t fill_tree(const struct model *m, const struct entries_options *o, size_t tree,
                          const struct entries *x, struct entry_table *table)
{
    struct filling f = {
        .m = m,
        .tree = &m->trees[tree],
        .x = x,
        .table = table,
        .outcomes = outcomes_of(m, &m->trees[tree]),
        .encoding = o->encoding,
    };
    uint64_t *const tops = mem_alloc(m->n_features, sizeof *tops);

    for (size_t i = 0; i < m->n_features; i++)
        tops[i] = prefix_top(m->features[i].bits);
    const struct boxes_input in = {
        .tree = f.tree,
        .outcomes = f.outcomes.of_leaf,
        .tops = tops,
        .n_features = m->n_features,
        .mode = o->mode,
        .default_outcome = o->default_class,
    };
    const uint32_t background = boxes_list(&in, put_box, &f);
    if (table && o->mode != BOXES_DISJOINT) {
        table->has_default = true;
        table->defaults = mem_alloc(table->n_params, sizeof *table->defaults);
        put_outcome(&f, background, table->defaults);
    }
    free(tops);
    outcomes_free(&f.outcomes);
    return f.n;
}

static void put_code(const struct entry_table *t, uint32_t step, uint64_t *words)
{
    for (size_t i = 0; i < t->n_params; i++) {
        const size_t first = i * ENTRY_WORD_BITS;
        const size_t above = step <= first ? 0 : step - first;
        words[i] = above == 0 ? 0 : prefix_top(above < 64 ? (unsigned)above : 64);
    }
}

static void put_step(void *context, const struct interval *box, uint32_t step)
{
    struct entry_table *const t = context;
    const size_t row = entry_table_add(t);

    const uint64_t mask = prefix_top(t->fields[0].bits) & ~(box->high - box->low);
    *entry_table_keys(t, row) = (struct entry_key){box->low, mask};
    put_code(t, step, entry_table_values(t, row));
}

static void fill_codes(const struct entry_feature *f, struct entry_table *t)
{
    const uint32_t background = prefix_steps(f->thresholds, f->n_thresholds, f->bits, put_step, t);

    t->has_default = true;
    t->defaults = mem_alloc(t->n_params, sizeof *t->defaults);
    put_code(t, background, t->defaults);
}

static void count_step(void *context, const struct interval *box, uint32_t step)
{
    uint64_t *const n = context;

    (void)box;
    (void)step;
    (*n)++;
}

static uint64_t count_codes(const struct model *m, const struct entries_options *o)
{
    struct entries *const x = entries_layout(m, o);
    uint64_t n = 0;

    for (size_t i = 0; i < x->n_features; i++)
        (void)prefix_steps(x->features[i].thresholds, x->features[i].n_thresholds,
                           x->features[i].bits, count_step, &n);
    entries_free(x);
    return n;
}

uint64_t entries_count(const struct model *m, const struct entries_options *o)
{
    uint64_t n = o->encoding == ENCODING_CODED ? count_codes(m, o) : 0;

    for (size_t i = 0; i < m->n_trees; i++) {
        const uint64_t more = fill_tree(m, o, i, NULL, NULL);
        n = n > UINT64_MAX - more ? UINT64_MAX : n + more;
    }
    return n;
}

static bool refuse_size(const struct model *m, const struct entries_options *o, uint64_t n,
                        struct err *e)
{
    struct entries_options coded = *o;

    coded.encoding = ENCODING_CODED;
    if (o->encoding != ENCODING_TERNARY)
        return err_set(e, "the model takes %ju entries, more than %d", (uintmax_t)n, ENTRIES_MAX);
    return err_set(e, "the model takes %ju ternary entries, more than %d; with codes it takes %ju",
                   (uintmax_t)n, ENTRIES_MAX, (uintmax_t)entries_count(m, &coded));
}

struct entries *entries_build(const struct model *m, const struct entries_options *o, struct err *e)
{
    const uint64_t n = entries_count(m, o);

    if (n > ENTRIES_MAX) {
        refuse_size(m, o, n, e);
        return NULL;
    }
    struct entries *const x = entries_layout(m, o);
    for (size_t i = 0; i < x->n_tables; i++) {
        struct entry_table *const t = &x->tables[i];
        if (t->role == TABLE_CODE)
            fill_codes(&x->features[t->index], t);
        else
            (void)fill_tree(m, o, t->index, x, t);
    }
    return x;
}
