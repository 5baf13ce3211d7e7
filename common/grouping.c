#include "grouping.h"

#include "feature.h"
#include "mem.h"
#include "num.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct grouping {
    enum by by;
    bool unordered;
    size_t *columns;
    size_t n_columns;
    long start, end; /* BY_TIME: columns; end may be TABLE_NONE */
    uint64_t n_empty;
    char *key; /* scratch: what is hashed */
    size_t key_n, key_cap;
    struct span *words;
    size_t n_words, words_cap;
};

static const char *time_column(const struct table *t)
{
    return table_find(t, "ts") != TABLE_NONE      ? "ts"
           : table_find(t, "start") != TABLE_NONE ? "start"
                                                  : NULL;
}

/* Columns that look like names of things, as the table's first row shows them. */
static bool is_candidate(const struct table *t, size_t column, const char *label)
{
    const char *const name = table_name(t, column);
    const struct feature *const f = feature_find(name);
    const struct span value = table_field(t, column);
    double number;

    static const char *const places[] = {"ts", "frame", "start", "end"};

    if (strcmp(name, label) == 0)
        return false;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(name, places[i]) == 0)
            return false;
    if (f)
        return f->role == ROLE_ID;
    return value.n > 0 && num_f64(value.p, value.n, &number) == NUM_SYNTAX;
}

/* The table has no column 'flow': what it has instead. Always false. */
static bool explain_choice(struct table *t, const char *label, struct err *e)
{
    char names[512] = "";
    struct err unread;

    if (table_next(t, &unread) == TABLE_ROW)
        for (size_t i = 0; i < table_width(t); i++) {
            const size_t used = strlen(names);
            if (is_candidate(t, i, label))
                (void)snprintf(names + used, sizeof names - used, "%s'%s'", used ? ", " : "",
                               table_name(t, i));
        }
    return err_set(
        e, "%s:1: there is no column 'flow', whose rows would stay together: say %s%s%s%s--by=row",
        table_path(t), *names ? "--by=COLUMN (such as " : "", names, *names ? "), " : "",
        time_column(t) ? "--by=time or "
        : *names       ? "or "
                       : "");
}

static bool add_columns(struct grouping *g, const struct table *t, const char *by, struct err *e)
{
    bool ok = true;

    for (const char *p = by; ok; p++) {
        const size_t n = strcspn(p, ",");
        char *const name = mem_string(p, n);
        ok = table_require(t, name, &g->columns[g->n_columns], e);
        if (ok && grouping_has(g, g->columns[g->n_columns]))
            ok = err_set(e, "--by: column '%s' is named twice", name);
        g->n_columns += ok;
        free(name);
        p += n;
        if (!*p)
            break;
    }
    return ok;
}

static bool choose_time(struct grouping *g, const struct table *t, struct err *e)
{
    const char *const time = time_column(t);
    const long flow = table_find(t, "flow");

    if (!time)
        return err_set(e, "%s:1: --by=time needs a column 'ts' or 'start'", table_path(t));
    g->start = table_find(t, time);
    g->end = strcmp(time, "start") == 0 ? table_find(t, "end") : TABLE_NONE;
    g->columns[g->n_columns++] = (size_t)(flow != TABLE_NONE ? flow : g->start);
    return true;
}

static bool choose(struct grouping *g, struct table *t, const char *by, const char *label,
                   struct err *e)
{
    g->columns = mem_zero(table_width(t) + 1, sizeof *g->columns);
    if (strcmp(by, "row") == 0) {
        g->by = BY_ROW;
        return true;
    }
    if (strcmp(by, "time") == 0) {
        g->by = BY_TIME;
        return choose_time(g, t, e);
    }
    if (strcmp(by, "flow") == 0 && table_find(t, "flow") == TABLE_NONE)
        return explain_choice(t, label, e);
    return add_columns(g, t, by, e);
}

struct grouping *grouping_new(struct table *t, const char *by, bool unordered, const char *label,
                              struct err *e)
{
    struct grouping *const g = mem_zero(1, sizeof *g);

    g->unordered = unordered;
    if (choose(g, t, by, label, e))
        return g;
    grouping_free(g);
    return NULL;
}

void grouping_free(struct grouping *g)
{
    if (!g)
        return;
    free(g->columns);
    free(g->key);
    free(g->words);
    free(g);
}

enum by grouping_by(const struct grouping *g)
{
    return g->by;
}

bool grouping_has(const struct grouping *g, size_t column)
{
    for (size_t i = 0; i < g->n_columns; i++)
        if (g->columns[i] == column)
            return true;
    return false;
}

/* A text goes into the key with its length, so that "a","bc" and "ab","c" differ. */
static void append(struct grouping *g, struct span s)
{
    const uint64_t n = s.n;

    g->key = mem_grow(g->key, &g->key_cap, g->key_n + sizeof n + s.n, 1);
    memcpy(g->key + g->key_n, &n, sizeof n);
    if (s.n > 0)
        memcpy(g->key + g->key_n + sizeof n, s.p, s.n);
    g->key_n += sizeof n + s.n;
}

static void add_words(struct grouping *g, struct span s)
{
    const char *const end = s.p + s.n;

    for (const char *p = s.p; p < end;) {
        const char *q = p;
        while (q < end && *q != ' ' && *q != '\t')
            q++;
        if (q > p) {
            g->words = mem_grow(g->words, &g->words_cap, g->n_words + 1, sizeof *g->words);
            g->words[g->n_words++] = (struct span){p, (size_t)(q - p)};
        }
        p = q + 1;
    }
}

static int compare_words(const void *x, const void *y)
{
    const struct span *const a = x, *const b = y;
    const int order = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);

    return order ? order : (a->n > b->n) - (a->n < b->n);
}

struct hash128 grouping_key(struct grouping *g, const struct table *t)
{
    size_t empty = 0;

    g->key_n = g->n_words = 0;
    for (size_t i = 0; i < g->n_columns; i++) {
        const struct span s = table_field(t, g->columns[i]);
        empty += s.n == 0;
        if (g->unordered)
            add_words(g, s);
        else
            append(g, s);
    }
    if (g->n_words > 1)
        qsort(g->words, g->n_words, sizeof *g->words, compare_words);
    for (size_t i = 0; i < g->n_words; i++)
        append(g, g->words[i]);
    g->n_empty += empty == g->n_columns;
    return hash128(g->key, g->key_n);
}

uint64_t grouping_empty(const struct grouping *g)
{
    return g->n_empty;
}

static bool read_time(const struct table *t, long column, uint64_t *ns, struct err *e)
{
    const struct span s = table_field(t, (size_t)column);

    return num_time(s.p, s.n, ns) == NUM_OK ||
           table_fail(t, (size_t)column, e, "is no time (seconds, at most 9 decimals)");
}

bool grouping_times(const struct grouping *g, const struct table *t, uint64_t *start, uint64_t *end,
                    struct err *e)
{
    if (!read_time(t, g->start, start, e))
        return false;
    *end = *start;
    return g->end == TABLE_NONE || read_time(t, g->end, end, e);
}
