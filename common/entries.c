#include "entries.h"

#include "mem.h"
#include "prefix.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const entries_encoding_names[] = {"range", "coded", "ternary", NULL};

/* Names that P4_16 or Python keep for themselves, in lower case. */
static const char *const reserved[] = {
    "abstract",   "action",   "actions",   "and",          "apply",
    "as",         "assert",   "async",     "await",        "bit",
    "bool",       "break",    "class",     "const",        "control",
    "continue",   "def",      "default",   "del",          "elif",
    "else",       "entries",  "enum",      "error",        "except",
    "exit",       "extern",   "false",     "finally",      "for",
    "from",       "global",   "header",    "header_union", "if",
    "import",     "in",       "inout",     "int",          "is",
    "key",        "lambda",   "list",      "match_kind",   "match_priority",
    "none",       "nonlocal", "not",       "or",           "out",
    "package",    "parser",   "pass",      "pragma",       "priority",
    "raise",      "return",   "select",    "self",         "state",
    "string",     "struct",   "switch",    "table",        "this",
    "transition", "true",     "try",       "tuple",        "type",
    "typedef",    "varbit",   "value_set", "void",         "while",
    "with",       "yield",
};

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcasecmp(name, reserved[i]) == 0)
            return true;
    return false;
}

/* Names that the entries make themselves: of parameters, of codes ("iat_code_2"), and of the halves
 * of a key in bfrt. */
static bool is_taken(const char *name)
{
    static const char *const suffixes[] = {"_mask", "_start", "_end", "_code"};
    const size_t n = strlen(name);

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const size_t k = strlen(suffixes[i]);
        if (n >= k && strcmp(name + n - k, suffixes[i]) == 0)
            return true;
    }
    return strcmp(name, "verdict") == 0 || strcmp(name, "code") == 0 ||
           strncmp(name, "code_", 5) == 0 || strncmp(name, "votes_", 6) == 0 ||
           strstr(name, "_code_") != NULL;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

char *entries_identifier(const char *name)
{
    const size_t n = strlen(name);
    const bool digit = n == 0 || (name[0] >= '0' && name[0] <= '9');
    char *const id = mem_alloc(n + 3, 1);
    char *p = id;

    if (digit)
        *p++ = '_';
    for (size_t i = 0; i < n; i++)
        *p++ = is_word(name[i]) ? name[i] : '_';
    *p = '\0';
    if (is_reserved(id) || is_taken(id) || strcmp(id, "_") == 0)
        memcpy(p, "_", 2);
    return id;
}

bool entries_name_valid(const char *name)
{
    bool start = true;

    for (const char *p = name; *p; p++) {
        if (*p == '.' ? start : !is_word(*p) || (start && *p >= '0' && *p <= '9'))
            return false;
        start = *p == '.';
    }
    return !start && strlen(name) <= 256;
}

static char *name_of(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static char *name_of(const char *fmt, ...)
{
    va_list ap;
    char *name;

    va_start(ap, fmt);
    if (vasprintf(&name, fmt, ap) < 0)
        die("out of memory");
    va_end(ap);
    return name;
}

static int by_threshold(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Sorts them and drops repeats. */
static void sort_thresholds(struct entry_feature *f)
{
    size_t n = 0;

    if (f->n_thresholds == 0)
        return;
    qsort(f->thresholds, f->n_thresholds, sizeof *f->thresholds, by_threshold);
    for (size_t i = 0; i < f->n_thresholds; i++)
        if (i == 0 || f->thresholds[i] != f->thresholds[i - 1])
            f->thresholds[n++] = f->thresholds[i];
    f->n_thresholds = n;
}

static void set_features(struct entries *x, const struct model *m)
{
    size_t *const caps = mem_zero(m->n_features, sizeof *caps);

    x->features = mem_zero(m->n_features, sizeof *x->features);
    for (size_t i = 0; i < m->n_trees; i++)
        for (size_t j = 0; j < m->trees[i].n_nodes; j++) {
            const struct tree_node *const node = &m->trees[i].nodes[j];
            if (node->feature == TREE_LEAF)
                continue;
            struct entry_feature *const f = &x->features[node->feature];
            f->thresholds = mem_grow(f->thresholds, &caps[node->feature], f->n_thresholds + 1,
                                     sizeof *f->thresholds);
            f->thresholds[f->n_thresholds++] = node->threshold;
        }
    for (size_t i = 0; i < m->n_features; i++) {
        x->features[i].bits = m->features[i].bits;
        x->features[i].max = m->features[i].max;
        sort_thresholds(&x->features[i]);
    }
    free(caps);
}

/* A table needs a key: where no tree splits at all, the first feature has a bit that is always 0.
 */
static void set_code_bits(struct entries *x)
{
    bool any = false;

    for (size_t i = 0; i < x->n_features; i++) {
        x->features[i].code_bits = x->features[i].n_thresholds;
        any = any || x->features[i].n_thresholds > 0;
    }
    if (!any)
        x->features[0].code_bits = 1;
}

static size_t code_words(const struct entries *x, size_t feature)
{
    return (x->features[feature].code_bits + ENTRY_WORD_BITS - 1) / ENTRY_WORD_BITS;
}

static unsigned word_bits(const struct entries *x, size_t feature, size_t word)
{
    const size_t left = x->features[feature].code_bits - word * ENTRY_WORD_BITS;

    return left < ENTRY_WORD_BITS ? (unsigned)left : ENTRY_WORD_BITS;
}

/* "iat", or "iat_2" where an earlier feature took that identifier. */
static char **feature_names(const struct model *m)
{
    char **const names = mem_alloc(m->n_features, sizeof *names);

    for (size_t i = 0; i < m->n_features; i++) {
        char *const id = entries_identifier(m->features[i].name);
        names[i] = mem_string(id, strlen(id));
        unsigned n = 1;
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[j], names[i]) == 0) {
                free(names[i]);
                names[i] = name_of("%s_%u", id, ++n);
                j = SIZE_MAX; /* start over: that one may be taken too */
            }
        free(id);
    }
    return names;
}

static const char *table_base(const struct entries_options *o)
{
    return o->table ? o->table : "classify";
}

static void add_code_table(struct entries *x, const struct model *m, size_t feature,
                           const char *name, const struct entries_options *o)
{
    const char *const dot = o->action ? strrchr(o->action, '.') : NULL;
    const int prefix = dot ? (int)(dot - o->action) + 1 : 0;
    struct entry_table *const t = &x->tables[x->n_tables++];
    const size_t n_words = code_words(x, feature);

    t->role = TABLE_CODE;
    t->index = feature;
    t->name = name_of("%s_code_%s", table_base(o), name);
    t->action = name_of("%.*sset_code_%s", prefix, prefix > 0 ? o->action : "", name);
    t->n_fields = 1;
    t->fields = mem_alloc(1, sizeof *t->fields);
    t->fields[0] = (struct entry_field){
        .name = mem_string(name, strlen(name)),
        .bits = m->features[feature].bits,
        .match = MATCH_TERNARY,
        .slot = feature,
    };
    t->n_params = n_words;
    t->params = mem_alloc(n_words, sizeof *t->params);
    for (size_t i = 0; i < n_words; i++)
        t->params[i] = (struct entry_param){
            .name = n_words == 1 ? name_of("code") : name_of("code_%zu", i + 1),
            .bits = word_bits(x, feature, i),
            .slot = x->features[feature].code_slot + i,
        };
}

static void set_code_fields(struct entries *x, struct entry_table *t, char **names)
{
    t->n_fields = x->n_slots - x->n_features;
    t->fields = mem_alloc(t->n_fields, sizeof *t->fields);
    struct entry_field *field = t->fields;
    for (size_t i = 0; i < x->n_features; i++) {
        const size_t n_words = code_words(x, i);
        for (size_t j = 0; j < n_words; j++)
            *field++ = (struct entry_field){
                .name = n_words == 1 ? name_of("%s_code", names[i])
                                     : name_of("%s_code_%zu", names[i], j + 1),
                .bits = word_bits(x, i, j),
                .match = MATCH_TERNARY,
                .slot = x->features[i].code_slot + j,
            };
    }
}

static void set_feature_fields(const struct entries *x, const struct model *m,
                               struct entry_table *t, char **names)
{
    t->n_fields = x->n_features;
    t->fields = mem_alloc(t->n_fields, sizeof *t->fields);
    for (size_t i = 0; i < x->n_features; i++)
        t->fields[i] = (struct entry_field){
            .name = mem_string(names[i], strlen(names[i])),
            .bits = m->features[i].bits,
            .match = x->encoding == ENCODING_RANGE ? MATCH_RANGE : MATCH_TERNARY,
            .slot = i,
        };
}

static unsigned vote_bits(const struct model *m)
{
    return m->votes > 0 ? 32 - (unsigned)__builtin_clz(m->votes) : ENTRY_VOTE_BITS;
}

static void set_verdict_params(const struct entries *x, const struct model *m,
                               struct entry_table *t)
{
    if (x->n_trees == 1) {
        t->n_params = 1;
        t->params = mem_alloc(1, sizeof *t->params);
        t->params[0] = (struct entry_param){name_of("verdict"), ENTRY_VERDICT_BITS, 0};
        return;
    }
    t->n_params = x->n_classes;
    t->params = mem_alloc(t->n_params, sizeof *t->params);
    for (size_t i = 0; i < t->n_params; i++)
        t->params[i] = (struct entry_param){name_of("votes_%zu", i + 1), vote_bits(m), 0};
}

static void add_verdict_table(struct entries *x, const struct model *m, size_t tree, char **names,
                              const struct entries_options *o)
{
    struct entry_table *const t = &x->tables[x->n_tables++];
    const char *const action = o->action ? o->action : x->n_trees == 1 ? "set_class" : "add_votes";
    const char *const base = table_base(o);

    t->role = TABLE_VERDICT;
    t->index = tree;
    t->name = x->n_trees == 1 ? name_of("%s", base) : name_of("%s_%zu", base, tree + 1);
    t->action = mem_string(action, strlen(action));
    if (x->encoding == ENCODING_CODED)
        set_code_fields(x, t, names);
    else
        set_feature_fields(x, m, t, names);
    set_verdict_params(x, m, t);
}

struct entries *entries_layout(const struct model *m, const struct entries_options *o)
{
    struct entries *const x = mem_zero(1, sizeof *x);
    char **const names = feature_names(m);

    x->encoding = o->encoding;
    x->n_features = x->n_slots = m->n_features;
    x->n_trees = m->n_trees;
    x->n_classes = m->n_classes;
    x->tables = mem_zero(m->n_features + m->n_trees, sizeof *x->tables);
    set_features(x, m);
    if (o->encoding == ENCODING_CODED)
        set_code_bits(x);
    for (size_t i = 0; i < m->n_features && o->encoding == ENCODING_CODED; i++) {
        x->features[i].code_slot = x->n_slots;
        x->n_slots += code_words(x, i);
        if (code_words(x, i) > 0)
            add_code_table(x, m, i, names[i], o);
    }
    for (size_t i = 0; i < m->n_trees; i++)
        add_verdict_table(x, m, i, names, o);
    for (size_t i = 0; i < m->n_features; i++)
        free(names[i]);
    free(names);
    return x;
}

static void table_free(struct entry_table *t)
{
    for (size_t i = 0; i < t->n_fields; i++)
        free(t->fields[i].name);
    for (size_t i = 0; i < t->n_params; i++)
        free(t->params[i].name);
    free(t->name);
    free(t->action);
    free(t->fields);
    free(t->params);
    free(t->keys);
    free(t->values);
    free(t->defaults);
}

void entries_free(struct entries *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < x->n_tables; i++)
        table_free(&x->tables[i]);
    for (size_t i = 0; i < x->n_features; i++)
        free(x->features[i].thresholds);
    free(x->features);
    free(x->tables);
    free(x);
}

struct entry_key *entry_table_keys(struct entry_table *t, size_t row)
{
    return t->keys + row * t->n_fields;
}

uint64_t *entry_table_values(struct entry_table *t, size_t row)
{
    return t->values + row * t->n_params;
}

size_t entry_table_add(struct entry_table *t)
{
    const size_t n = t->n + 1;

    t->keys = mem_grow(t->keys, &t->cap_keys, n * t->n_fields, sizeof *t->keys);
    t->values = mem_grow(t->values, &t->cap_values, n * t->n_params, sizeof *t->values);
    return t->n++;
}

uint64_t entries_total(const struct entries *x)
{
    uint64_t n = 0;

    for (size_t i = 0; i < x->n_tables; i++)
        n += x->tables[i].n;
    return n;
}

bool entry_key_matches(struct entry_key key, enum entry_match match, uint64_t x)
{
    return match == MATCH_RANGE ? key.a <= x && x <= key.b : (x & key.b) == key.a;
}

const uint64_t *entry_table_find(const struct entry_table *t, const uint64_t *slots)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct entry_key *const keys = t->keys + i * t->n_fields;
        size_t j = 0;
        while (j < t->n_fields &&
               entry_key_matches(keys[j], t->fields[j].match, slots[t->fields[j].slot]))
            j++;
        if (j == t->n_fields)
            return t->values + i * t->n_params;
    }
    return t->has_default ? t->defaults : NULL;
}

static void run_code_table(const struct entry_table *t, uint64_t *slots)
{
    const uint64_t *const values = entry_table_find(t, slots);

    for (size_t i = 0; i < t->n_params; i++)
        slots[t->params[i].slot] = values ? values[i] : 0;
}

static uint32_t lowest_of_greatest(const uint64_t *sums, size_t n)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++)
        if (sums[i] > sums[best])
            best = i;
    return (uint32_t)best + 1;
}

uint32_t entries_verdict(const struct entries *x, const uint64_t *row, uint64_t *slots,
                         uint64_t *sums)
{
    bool any = false;

    for (size_t i = 0; i < x->n_features; i++) {
        const uint64_t top = prefix_top(x->features[i].bits);
        slots[i] = row[i] < top ? row[i] : top;
    }
    memset(sums, 0, x->n_classes * sizeof *sums);
    for (size_t i = 0; i < x->n_tables; i++) {
        const struct entry_table *const t = &x->tables[i];
        if (t->role == TABLE_CODE) {
            run_code_table(t, slots);
            continue;
        }
        const uint64_t *const values = entry_table_find(t, slots);
        if (values && x->n_trees == 1)
            return (uint32_t)values[0];
        for (size_t j = 0; values && j < x->n_classes; j++)
            sums[j] += values[j];
        any = any || values;
    }
    return any ? lowest_of_greatest(sums, x->n_classes) : 0;
}
