/* The second opinion: model and tables at both ends of every cell of the grid of thresholds. */
#include "prove.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* Words of row sets, and keys compared to make them, at most: a second or two. */
#define GRID_MAX_WORK (UINT64_C(1) << 30)

/* The values of one feature at which the grid is looked at. */
struct axis {
    uint64_t *values;
    size_t n;
};

struct table_grid {
    const struct entry_table *table;
    size_t n_words;
    uint64_t **matches; /* a feature: for each value the set of rows that match it */
    uint64_t *level;    /* n_features + 1 times n_words: the rows that match so far */
};

struct grid {
    const struct model *m;
    const struct entries *x;
    struct axis *axes; /* a feature */
    struct table_grid *tables;
    size_t n_tables; /* of verdicts */
    uint64_t *row, *sums, *model_sums;
    struct err *e;
};

static void set_axis(struct axis *a, const struct entry_feature *f)
{
    a->values = mem_alloc(2 * f->n_thresholds + 2, sizeof *a->values);
    a->values[a->n++] = 0;
    for (size_t i = 0; i < f->n_thresholds; i++) {
        if (f->thresholds[i] != a->values[a->n - 1])
            a->values[a->n++] = f->thresholds[i];
        a->values[a->n++] = f->thresholds[i] + 1;
    }
    if (f->max != a->values[a->n - 1])
        a->values[a->n++] = f->max;
}

/* The code words of one value, as the tables of codes give them. */
static void run_codes(const struct entries *x, size_t feature, uint64_t *slots)
{
    for (size_t i = 0; i < x->n_tables; i++) {
        const struct entry_table *const t = &x->tables[i];
        if (t->role != TABLE_CODE || t->index != feature)
            continue;
        const uint64_t *const values = entry_table_find(t, slots);
        for (size_t j = 0; j < t->n_params; j++)
            slots[t->params[j].slot] = values ? values[j] : 0;
    }
}

/* Whether a key of this slot is one of the feature's: its value or one of its code words. */
static bool is_of_feature(const struct entries *x, size_t slot, size_t feature)
{
    const struct entry_feature *const f = &x->features[feature];
    const size_t n_words = (f->code_bits + ENTRY_WORD_BITS - 1) / ENTRY_WORD_BITS;

    return slot == feature || (slot >= f->code_slot && slot < f->code_slot + n_words);
}

static void set_matches(const struct grid *g, struct table_grid *t, size_t feature, uint64_t *slots)
{
    const struct axis *const a = &g->axes[feature];
    const struct entry_table *const table = t->table;
    uint64_t *const sets = mem_zero(a->n * t->n_words, sizeof *sets);

    t->matches[feature] = sets;
    for (size_t v = 0; v < a->n; v++) {
        slots[feature] = a->values[v];
        run_codes(g->x, feature, slots);
        for (size_t row = 0; row < table->n; row++) {
            const struct entry_key *const keys = table->keys + row * table->n_fields;
            bool match = true;
            for (size_t i = 0; i < table->n_fields && match; i++)
                match = !is_of_feature(g->x, table->fields[i].slot, feature) ||
                        entry_key_matches(keys[i], table->fields[i].match,
                                          slots[table->fields[i].slot]);
            if (match)
                sets[v * t->n_words + row / 64] |= UINT64_C(1) << (row % 64);
        }
    }
}

static void set_table(struct grid *g, struct table_grid *t)
{
    uint64_t *const slots = mem_zero(g->x->n_slots, sizeof *slots);

    t->n_words = (t->table->n + 63) / 64;
    t->matches = mem_alloc(g->x->n_features, sizeof *t->matches);
    t->level = mem_alloc((g->x->n_features + 1) * t->n_words, sizeof *t->level);
    memset(t->level, 0xff, t->n_words * sizeof *t->level);
    for (size_t i = 0; i < g->x->n_features; i++)
        set_matches(g, t, i, slots);
    free(slots);
}

/* The values of the first row in both sets. */
static const uint64_t *first_values(const struct table_grid *t, const uint64_t *level,
                                    const uint64_t *matches)
{
    for (size_t i = 0; i < t->n_words; i++) {
        const uint64_t both = level[i] & matches[i];
        if (both) {
            const size_t row = 64 * i + (size_t)__builtin_ctzll(both);
            /* Bits past the last row are never set in matches. */
            return t->table->values + row * t->table->n_params;
        }
    }
    return t->table->has_default ? t->table->defaults : NULL;
}

static uint32_t verdict_at(struct grid *g, size_t feature, size_t v)
{
    bool any = false;
    size_t best = 0;

    memset(g->sums, 0, g->x->n_classes * sizeof *g->sums);
    for (size_t i = 0; i < g->n_tables; i++) {
        const struct table_grid *const t = &g->tables[i];
        const uint64_t *const values =
            first_values(t, t->level + feature * t->n_words, t->matches[feature] + v * t->n_words);
        if (g->n_tables == 1)
            return values ? (uint32_t)values[0] : 0;
        for (size_t c = 0; c < g->x->n_classes && values; c++)
            g->sums[c] += values[c];
        any = any || values;
    }
    for (size_t c = 1; c < g->x->n_classes; c++)
        if (g->sums[c] > g->sums[best])
            best = c;
    return any ? (uint32_t)best + 1 : 0;
}

static bool compare_at(struct grid *g, size_t feature, size_t v)
{
    const uint32_t model = model_predict(g->m, g->row, g->model_sums) + 1;
    const uint32_t tables = verdict_at(g, feature, v);

    if (model == tables)
        return true;
    char *const text = row_text(g->m, g->row);
    err_set(g->e, "the tables give class %u for %s, where the model gives class %u", tables, text,
            model);
    free(text);
    return false;
}

static bool walk(struct grid *g, size_t feature)
{
    const struct axis *const a = &g->axes[feature];

    for (size_t v = 0; v < a->n; v++) {
        g->row[feature] = a->values[v];
        if (feature + 1 == g->x->n_features) {
            if (!compare_at(g, feature, v))
                return false;
            continue;
        }
        for (size_t i = 0; i < g->n_tables; i++) {
            struct table_grid *const t = &g->tables[i];
            const uint64_t *const from = t->level + feature * t->n_words;
            const uint64_t *const matches = t->matches[feature] + v * t->n_words;
            uint64_t *const to = t->level + (feature + 1) * t->n_words;
            for (size_t k = 0; k < t->n_words; k++)
                to[k] = from[k] & matches[k];
        }
        if (!walk(g, feature + 1))
            return false;
    }
    return true;
}

/* Keys to compare for the rows that each value of a feature matches. */
static uint64_t keys_to_match(const struct grid *g, size_t feature)
{
    uint64_t keys = 0;

    for (size_t i = 0; i < g->x->n_tables; i++) {
        const struct entry_table *const t = &g->x->tables[i];
        for (size_t j = 0; j < t->n_fields; j++)
            if (is_of_feature(g->x, t->fields[j].slot, feature))
                keys += t->n;
    }
    return keys * g->axes[feature].n;
}

/* 0 where that is too much work. */
static uint64_t count_points(const struct grid *g)
{
    uint64_t points = 1, words = 0, keys = 0;

    for (size_t i = 0; i < g->x->n_tables; i++)
        if (g->x->tables[i].role == TABLE_VERDICT)
            words += g->x->tables[i].n / 64 + 1 + g->x->n_classes / 8;
    for (size_t i = 0; i < g->x->n_features; i++) {
        if ((points *= g->axes[i].n) > GRID_MAX_POINTS)
            return 0;
        keys += keys_to_match(g, i);
    }
    return points * words <= GRID_MAX_WORK && keys <= GRID_MAX_WORK ? points : 0;
}

static bool walk_tables(struct grid *g)
{
    g->tables = mem_zero(g->x->n_trees, sizeof *g->tables);
    for (size_t i = 0; i < g->x->n_tables; i++)
        if (g->x->tables[i].role == TABLE_VERDICT)
            g->tables[g->n_tables++].table = &g->x->tables[i];
    for (size_t i = 0; i < g->n_tables; i++)
        set_table(g, &g->tables[i]);
    g->row = mem_zero(g->x->n_features, sizeof *g->row);
    g->sums = mem_zero(g->x->n_classes, sizeof *g->sums);
    g->model_sums = mem_zero(g->x->n_classes, sizeof *g->model_sums);
    const bool same = walk(g, 0);
    for (size_t i = 0; i < g->n_tables; i++) {
        for (size_t k = 0; k < g->x->n_features; k++)
            free(g->tables[i].matches[k]);
        free(g->tables[i].matches);
        free(g->tables[i].level);
    }
    free(g->tables);
    free(g->row);
    free(g->sums);
    free(g->model_sums);
    return same;
}

bool prove_grid(const struct model *m, const struct entries *x, uint64_t *points, struct err *e)
{
    struct grid g = {.m = m, .x = x, .e = e};

    g.axes = mem_zero(x->n_features, sizeof *g.axes);
    for (size_t i = 0; i < x->n_features; i++)
        set_axis(&g.axes[i], &x->features[i]);
    *points = count_points(&g);
    const bool same = *points == 0 || walk_tables(&g);
    for (size_t i = 0; i < x->n_features; i++)
        free(g.axes[i].values);
    free(g.axes);
    return same;
}
