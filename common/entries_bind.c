#include "entries_raw.h"

#include "mem.h"
#include "prefix.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct binding {
    const struct raw_entries *r;
    const struct model *m;
    const char *file;
    struct err *e;
    struct entries *x;
    uint32_t *table_names; /* distinct names of tables in order of appearance */
    size_t n_table_names;
    size_t *table_of; /* a name's place in x->tables */
    bool *given;      /* the keys, or the parameters, that an entry has given so far */
};

#define NO_TABLE SIZE_MAX

static bool fail_at(const struct binding *b, const struct raw_entry *entry, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail_at(const struct binding *b, const struct raw_entry *entry, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(b->e, "%s:%ju: %s", b->file, (uintmax_t)entry->line, text);
}

static const char *text_of(const struct binding *b, uint32_t name)
{
    return intern_text(b->r->names, name);
}

/* ---- Which tables these are ---- */

static void list_table_names(struct binding *b)
{
    const size_t n = intern_count(b->r->names);

    b->table_of = mem_alloc(n, sizeof *b->table_of);
    b->table_names = mem_alloc(n, sizeof *b->table_names);
    for (size_t i = 0; i < n; i++)
        b->table_of[i] = NO_TABLE;
    for (size_t i = 0; i < b->r->n_entries; i++) {
        const uint32_t name = b->r->entries[i].table;
        if (b->table_of[name] == NO_TABLE) {
            b->table_of[name] = b->n_table_names;
            b->table_names[b->n_table_names++] = name;
        }
    }
}

static bool has_kind(const struct raw_entries *r, enum raw_kind kind)
{
    for (size_t i = 0; i < r->n_keys; i++)
        if (r->keys[i].kind == kind)
            return true;
    return false;
}

/* One table a tree: ranges or ternary keys. Where all keys are left out it makes no difference. */
static enum entries_encoding plain_encoding(const struct raw_entries *r)
{
    if (has_kind(r, RAW_RANGE))
        return ENCODING_RANGE;
    if (has_kind(r, RAW_TERNARY) || has_kind(r, RAW_LPM))
        return ENCODING_TERNARY;
    return r->ternary ? ENCODING_TERNARY : ENCODING_RANGE;
}

static bool find_encoding(const struct binding *b, enum entries_encoding *encoding)
{
    const struct entries_options coded = {.encoding = ENCODING_CODED};
    struct entries *const x = entries_layout(b->m, &coded);
    const size_t n_coded = x->n_tables;

    entries_free(x);
    *encoding = b->n_table_names == n_coded ? ENCODING_CODED : plain_encoding(b->r);
    if (b->n_table_names == n_coded || b->n_table_names == b->m->n_trees)
        return true;
    return err_set(b->e, "%s: entries for %zu tables, where the model has %zu, or %zu with codes",
                   b->file, b->n_table_names, b->m->n_trees, n_coded);
}

/* Whether the file's tables are x's, in any order; notes the place of each. */
static bool same_tables(struct binding *b, const struct entries *x)
{
    for (size_t i = 0; i < b->n_table_names; i++) {
        const char *const name = text_of(b, b->table_names[i]);
        size_t j = 0;
        while (j < x->n_tables && strcmp(x->tables[j].name, name) != 0)
            j++;
        if (j == x->n_tables)
            return false;
        b->table_of[b->table_names[i]] = j;
    }
    return true;
}

static bool number_tables(struct binding *b, enum entries_encoding encoding)
{
    const struct entries_options o = {.encoding = encoding};

    b->x = entries_layout(b->m, &o);
    for (size_t i = 0; i < b->n_table_names; i++) {
        const char *const id = text_of(b, b->table_names[i]);
        const unsigned long long place = strtoull(id, NULL, 10) - ENTRIES_TABLE_ID;
        if (place >= b->x->n_tables)
            return err_set(b->e, "%s: unknown table_id %s (where the ids are a P4Info's, name it)",
                           b->file, id);
        b->table_of[b->table_names[i]] = (size_t)place;
    }
    return true;
}

/* The user chose the name that all tables begin with: tries what is left of the first table's name
 * without the ending of each table in turn. */
static bool name_tables(struct binding *b, enum entries_encoding encoding)
{
    struct entries_options o = {.encoding = encoding, .table = ""};
    const char *const first = text_of(b, b->table_names[0]);
    struct entries *const endings = entries_layout(b->m, &o);

    for (size_t i = 0; i < endings->n_tables && !b->x; i++) {
        const size_t n = strlen(first), tail = strlen(endings->tables[i].name);
        if (n < tail || strcmp(first + n - tail, endings->tables[i].name) != 0)
            continue;
        char *const base = mem_string(first, n - tail);
        o.table = base;
        struct entries *const x = entries_layout(b->m, &o);
        free(base);
        if (same_tables(b, x))
            b->x = x;
        else
            entries_free(x);
    }
    entries_free(endings);
    return b->x ||
           err_set(b->e, "%s: the tables' names do not fit the model ('%s'…)", b->file, first);
}

/* Whether the file gave every entry its table and its action. */
static bool check_entries(const struct binding *b)
{
    if (b->r->n_entries == 0)
        return err_set(b->e, "%s: no entries", b->file);
    for (size_t i = 0; i < b->r->n_entries; i++) {
        const struct raw_entry *const entry = &b->r->entries[i];
        if (entry->table == RAW_NO_NAME || entry->action == RAW_NO_NAME)
            return fail_at(b, entry, "an entry without a table or an action");
    }
    return true;
}

static bool find_tables(struct binding *b)
{
    enum entries_encoding encoding;

    list_table_names(b);
    if (!find_encoding(b, &encoding))
        return false;
    return b->r->ids ? number_tables(b, encoding) : name_tables(b, encoding);
}

/* ---- Keys and parameters ---- */

static bool is_named(const struct binding *b, uint32_t name, const char *text, size_t place)
{
    const char *const given = text_of(b, name);

    return b->r->ids ? strtoull(given, NULL, 10) == place + 1 : strcmp(given, text) == 0;
}

/* The place of the i-th key; most stand where they belong. */
static bool place_of_key(const struct binding *b, const struct raw_entry *entry,
                         const struct entry_table *t, size_t i, size_t *place)
{
    const uint32_t name = b->r->keys[entry->first_key + i].name;

    *place = i;
    if (name == RAW_NO_NAME)
        return i < t->n_fields || fail_at(b, entry, "more than %zu keys", t->n_fields);
    if (i < t->n_fields && is_named(b, name, t->fields[i].name, i))
        return true;
    for (*place = 0; *place < t->n_fields; (*place)++)
        if (is_named(b, name, t->fields[*place].name, *place))
            return true;
    return fail_at(b, entry, "unknown key '%s'", text_of(b, name));
}

/* A name that comes twice would leave another without its value. */
static bool take_place(const struct binding *b, const struct raw_entry *entry, size_t place,
                       const char *name)
{
    if (b->given[place])
        return fail_at(b, entry, "'%s' is given twice", name);
    b->given[place] = true;
    return true;
}

static bool bind_range(const struct binding *b, const struct raw_entry *entry, unsigned bits,
                       const struct raw_key *raw, struct entry_key *key)
{
    const uint64_t top = prefix_top(bits);
    struct interval range = {raw->a, raw->kind == RAW_EXACT ? raw->a : raw->b};

    if (raw->kind == RAW_LPM || raw->kind == RAW_TERNARY)
        return fail_at(b, entry, "a mask in a table of ranges");
    if (range.low > range.high)
        return fail_at(b, entry, "the range from %ju to %ju is empty", (uintmax_t)range.low,
                       (uintmax_t)range.high);
    if (range.high > top)
        return fail_at(b, entry, "%ju does not fit %u bits", (uintmax_t)range.high, bits);
    *key = (struct entry_key){range.low, range.high};
    return true;
}

static bool bind_ternary(const struct binding *b, const struct raw_entry *entry, unsigned bits,
                         const struct raw_key *raw, struct entry_key *key)
{
    const uint64_t top = prefix_top(bits);
    uint64_t mask = raw->kind == RAW_EXACT ? top : raw->b;

    if (raw->kind == RAW_RANGE)
        return fail_at(b, entry, "a range in a ternary table");
    if (raw->kind == RAW_LPM) {
        if (raw->b > bits)
            return fail_at(b, entry, "a prefix of %ju bits in a key of %u", (uintmax_t)raw->b,
                           bits);
        mask = raw->b == 0 ? 0 : top & ~(top >> (raw->b - 1) >> 1);
    }
    if (raw->a > top || mask > top)
        return fail_at(b, entry, "%ju does not fit %u bits",
                       (uintmax_t)(raw->a > top ? raw->a : mask), bits);
    if ((raw->a & ~mask) != 0)
        return fail_at(b, entry, "the value %ju has bits outside of its mask %ju",
                       (uintmax_t)raw->a, (uintmax_t)mask);
    *key = (struct entry_key){raw->a, mask};
    return true;
}

static bool matches_all(const struct entry_field *f, struct entry_key key)
{
    return f->match == MATCH_RANGE ? key.a == 0 && key.b == prefix_top(f->bits) : key.b == 0;
}

static bool bind_keys(const struct binding *b, const struct raw_entry *entry,
                      const struct entry_table *t, struct entry_key *keys)
{
    if (!b->r->named && entry->n_keys != t->n_fields)
        return fail_at(b, entry, "%zu keys, where table '%s' has %zu", entry->n_keys, t->name,
                       t->n_fields);
    memset(b->given, 0, t->n_fields);
    for (size_t i = 0; i < t->n_fields; i++)
        keys[i] = (struct entry_key){
            0, t->fields[i].match == MATCH_RANGE ? prefix_top(t->fields[i].bits) : 0};
    for (size_t i = 0; i < entry->n_keys; i++) {
        size_t place;
        if (!place_of_key(b, entry, t, i, &place) ||
            !take_place(b, entry, place, t->fields[place].name))
            return false;
        const struct entry_field *const f = &t->fields[place];
        const struct raw_key *const raw = &b->r->keys[entry->first_key + i];
        if (f->match == MATCH_RANGE ? !bind_range(b, entry, f->bits, raw, &keys[place])
                                    : !bind_ternary(b, entry, f->bits, raw, &keys[place]))
            return false;
        if (b->r->named && matches_all(f, keys[place]))
            return fail_at(b, entry, "key '%s' matches anything and must be left out", f->name);
    }
    return true;
}

static bool place_of_param(const struct binding *b, const struct raw_entry *entry,
                           const struct entry_table *t, size_t i, size_t *place)
{
    const uint32_t name = b->r->params[entry->first_param + i].name;

    *place = i;
    if (name == RAW_NO_NAME || is_named(b, name, t->params[i].name, i))
        return true;
    for (*place = 0; *place < t->n_params; (*place)++)
        if (is_named(b, name, t->params[*place].name, *place))
            return true;
    return fail_at(b, entry, "unknown parameter '%s'", text_of(b, name));
}

static bool bind_params(const struct binding *b, const struct raw_entry *entry,
                        const struct entry_table *t, uint64_t *values)
{
    const size_t extra = b->r->priority_last && !entry->is_default ? 1 : 0;

    if (entry->n_params != t->n_params + extra)
        return fail_at(b, entry, "%zu parameters%s, where the action of table '%s' has %zu",
                       entry->n_params, extra ? " with the priority" : "", t->name,
                       t->n_params + extra);
    memset(b->given, 0, t->n_params);
    for (size_t i = 0; i < t->n_params; i++) {
        size_t place;
        if (!place_of_param(b, entry, t, i, &place) ||
            !take_place(b, entry, place, t->params[place].name))
            return false;
        const uint64_t value = b->r->params[entry->first_param + i].value;
        if (value > prefix_top(t->params[place].bits))
            return fail_at(b, entry, "parameter %ju does not fit %u bits", (uintmax_t)value,
                           t->params[place].bits);
        values[place] = value;
    }
    if (t->role == TABLE_VERDICT && b->m->n_trees == 1 && values[0] > b->m->n_classes)
        return fail_at(b, entry, "class number %ju, where the model has %zu classes",
                       (uintmax_t)values[0], b->m->n_classes);
    return true;
}

/* ---- Rows in the order in which they win ---- */

static uint64_t priority_of(const struct raw_entries *r, const struct raw_entry *entry)
{
    if (r->priority_last && entry->n_params > 0)
        return r->params[entry->first_param + entry->n_params - 1].value;
    return entry->priority;
}

static int by_place(const void *p, const void *q, void *context)
{
    const struct binding *const b = context;
    const size_t i = *(const size_t *)p, j = *(const size_t *)q;
    const struct raw_entry *const u = &b->r->entries[i], *const v = &b->r->entries[j];
    const size_t t = b->table_of[u->table], s = b->table_of[v->table];

    if (t != s)
        return t < s ? -1 : 1;
    const uint64_t x = priority_of(b->r, u), y = priority_of(b->r, v);
    if (b->r->order != ORDER_LISTED && x != y)
        return (x < y) == (b->r->order == ORDER_LOWEST) ? -1 : 1;
    return (i > j) - (i < j);
}

static bool check_priority(const struct binding *b, const struct raw_entry *entry)
{
    if (b->r->order == ORDER_LISTED || entry->is_default)
        return true;
    if (!entry->has_priority && !b->r->priority_last)
        return fail_at(b, entry, "no priority");
    const uint64_t priority = priority_of(b->r, entry);
    if (b->r->order == ORDER_HIGHEST && priority == 0)
        return fail_at(b, entry, "priority 0, where P4Runtime starts at 1");
    return priority <= INT32_MAX ||
           fail_at(b, entry, "priority %ju is above %d", (uintmax_t)priority, INT32_MAX);
}

/* All entries of a table have its one action. */
static bool bind_action(const struct binding *b, const struct raw_entry *entry,
                        struct entry_table *t)
{
    const char *const action = text_of(b, entry->action);

    if (t->n == 0 && !t->has_default) {
        free(t->action);
        t->action = mem_string(action, strlen(action));
    }
    return strcmp(t->action, action) == 0 ||
           fail_at(b, entry, "action '%s', where table '%s' began with '%s'", action, t->name,
                   t->action);
}

static bool bind_entry(const struct binding *b, const struct raw_entry *entry)
{
    struct entry_table *const t = &b->x->tables[b->table_of[entry->table]];

    if (!bind_action(b, entry, t) || !check_priority(b, entry))
        return false;
    if (entry->is_default) {
        if (!t->has_default)
            t->defaults = mem_alloc(t->n_params, sizeof *t->defaults);
        t->has_default = true;
        return entry->n_keys == 0 ? bind_params(b, entry, t, t->defaults)
                                  : fail_at(b, entry, "a default action with keys");
    }
    const size_t row = entry_table_add(t);
    return bind_params(b, entry, t, entry_table_values(t, row)) &&
           bind_keys(b, entry, t, entry_table_keys(t, row));
}

static bool bind_entries(struct binding *b)
{
    const size_t n = b->r->n_entries;
    size_t *const order = mem_alloc(n, sizeof *order);
    size_t most = 0;
    bool ok = true;

    for (size_t i = 0; i < b->x->n_tables; i++) {
        const struct entry_table *const t = &b->x->tables[i];
        const size_t more = t->n_fields > t->n_params ? t->n_fields : t->n_params;
        most = more > most ? more : most;
    }
    b->given = mem_alloc(most, sizeof *b->given);

    for (size_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, by_place, b);
    for (size_t i = 0; i < n && ok; i++)
        ok = bind_entry(b, &b->r->entries[order[i]]);
    free(b->given);
    free(order);
    return ok;
}

struct entries *entries_bind(const struct raw_entries *r, const struct model *m, const char *file,
                             struct err *e)
{
    struct binding b = {.r = r, .m = m, .file = file, .e = e};

    if (!check_entries(&b) || !find_tables(&b) || !bind_entries(&b)) {
        entries_free(b.x);
        b.x = NULL;
    }
    free(b.table_names);
    free(b.table_of);
    return b.x;
}
