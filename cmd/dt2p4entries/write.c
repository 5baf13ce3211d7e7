#include "write.h"

#include "prefix.h"

#include <inttypes.h>
#include <string.h>

bool format_takes(enum entries_format format, enum entries_encoding encoding)
{
    return format != FORMAT_DPDK || encoding != ENCODING_RANGE;
}

const char *format_refuses(enum entries_format format, const struct entries *x)
{
    for (size_t i = 0; i < x->n_tables && format == FORMAT_DPDK; i++)
        if (5 + x->tables[i].n_fields + 2 * x->tables[i].n_params > DPDK_MAX_WORDS)
            return "dpdk reads at most 256 words a line, and an entry has more: use fewer "
                   "features or classes";
    return NULL;
}

uint64_t format_entries(enum entries_format format, const struct entries *x)
{
    uint64_t n = entries_total(x);

    for (size_t i = 0; i < x->n_tables && format == FORMAT_DPDK; i++)
        n += x->tables[i].has_default;
    return n;
}

/* One row of a table, or its default (keys NULL). */
struct row {
    const struct entry_table *table;
    size_t place; /* of the table */
    const struct entry_key *keys;
    const uint64_t *values;
    size_t number; /* from 1, first match first; the default follows the last */
    bool last;     /* of all tables */
};

typedef void row_fn(const struct writing *w, const struct row *row, struct textbuf *to);

/* The default of each table first, then its rows. */
static void each_row(const struct writing *w, row_fn *fn, struct textbuf *to)
{
    const struct entries *const x = w->entries;

    for (size_t i = 0; i < x->n_tables; i++) {
        const struct entry_table *const t = &x->tables[i];
        struct row row = {.table = t, .place = i};
        const bool last_table = i + 1 == x->n_tables;
        if (t->has_default) {
            row.values = t->defaults;
            row.number = t->n + 1;
            row.last = last_table && t->n == 0;
            fn(w, &row, to);
        }
        for (size_t j = 0; j < t->n; j++) {
            row.keys = t->keys + j * t->n_fields;
            row.values = t->values + j * t->n_params;
            row.number = j + 1;
            row.last = last_table && j + 1 == t->n;
            fn(w, &row, to);
        }
    }
}

static bool matches_all(const struct entry_field *field, struct entry_key key)
{
    return field->match == MATCH_RANGE ? key.a == 0 && key.b == prefix_top(field->bits)
                                       : key.b == 0;
}

/* The bytes of the UTF-8 sequence at p, 0 where there is none: readers of JSON refuse other bytes.
 */
static size_t utf8_sequence(const char *p)
{
    const unsigned char *const u = (const unsigned char *)p;
    const size_t n = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;

    if (u[0] > 0xf4 || (u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
        (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

/* A name in double quotes. The closing quote keeps a backslash at the end of a name from joining a
 * P4 comment with the line after it. */
static void put_quoted(const char *name, struct textbuf *to)
{
    textbuf_char(to, '"');
    while (*name) {
        const unsigned char c = (unsigned char)*name;
        size_t n = utf8_sequence(name);
        if (n == 0) {
            textbuf_put(to, "\\ufffd");
            name++;
        } else if (c == '"' || c == '\\') {
            textbuf_printf(to, "\\%c", *name++);
        } else if (c < 0x20 || c == 0x7f) {
            textbuf_printf(to, "\\u%04x", (unsigned)*name++);
        } else {
            for (; n > 0; n--)
                textbuf_char(to, *name++);
        }
    }
    textbuf_char(to, '"');
}

static void put_class_comments(const struct writing *w, const char *marker, struct textbuf *to)
{
    for (size_t i = 0; i < w->model->n_classes && w->classes; i++) {
        textbuf_printf(to, "%s class %zu ", marker, i + 1);
        put_quoted(w->model->classes[i].name, to);
        textbuf_char(to, '\n');
    }
}

static void put_bmv2_row(const struct writing *w, const struct row *row, struct textbuf *to)
{
    const struct entry_table *const t = row->table;

    (void)w;
    textbuf_printf(to, "%s %s %s", row->keys ? "table_add" : "table_set_default", t->name,
                   t->action);
    for (size_t i = 0; i < t->n_fields && row->keys; i++)
        if (t->fields[i].match == MATCH_RANGE)
            textbuf_printf(to, " %" PRIu64 "->%" PRIu64, row->keys[i].a, row->keys[i].b);
        else
            textbuf_printf(to, " 0x%" PRIx64 "&&&0x%" PRIx64, row->keys[i].a, row->keys[i].b);
    textbuf_put(to, row->keys ? " =>" : "");
    for (size_t i = 0; i < t->n_params; i++)
        textbuf_printf(to, " %" PRIu64, row->values[i]);
    if (row->keys)
        textbuf_printf(to, " %zu", row->number);
    textbuf_char(to, '\n');
}

static void write_bmv2(const struct writing *w, struct textbuf *to)
{
    each_row(w, put_bmv2_row, to);
}

static void put_json_match(const struct row *row, struct textbuf *to)
{
    const struct entry_table *const t = row->table;
    const char *comma = "";

    textbuf_put(to, ", \"match\": {");
    for (size_t i = 0; i < t->n_fields; i++)
        if (!matches_all(&t->fields[i], row->keys[i])) {
            textbuf_printf(to, "%s\"%s\": [%" PRIu64 ", %" PRIu64 "]", comma, t->fields[i].name,
                           row->keys[i].a, row->keys[i].b);
            comma = ", ";
        }
    textbuf_printf(to, "}, \"priority\": %zu", t->n + 1 - row->number);
}

static void put_json_row(const struct writing *w, const struct row *row, struct textbuf *to)
{
    const struct entry_table *const t = row->table;

    (void)w;
    textbuf_printf(to, "    {\"table\": \"%s\"", t->name);
    if (row->keys)
        put_json_match(row, to);
    else
        textbuf_put(to, ", \"default_action\": true");
    textbuf_printf(to, ", \"action_name\": \"%s\", \"action_params\": {", t->action);
    for (size_t i = 0; i < t->n_params; i++)
        textbuf_printf(to, "%s\"%s\": %" PRIu64, i == 0 ? "" : ", ", t->params[i].name,
                       row->values[i]);
    textbuf_printf(to, "}}%s\n", row->last ? "" : ",");
}

static void write_json(const struct writing *w, struct textbuf *to)
{
    textbuf_printf(to, "{\n  \"encoding\": \"%s\",\n",
                   w->entries->encoding == ENCODING_RANGE ? "range" : "ternary");
    if (w->classes) {
        textbuf_put(to, "  \"classes\": {\n");
        for (size_t i = 0; i < w->model->n_classes; i++) {
            textbuf_printf(to, "    \"%zu\": ", i + 1);
            put_quoted(w->model->classes[i].name, to);
            textbuf_put(to, i + 1 < w->model->n_classes ? ",\n" : "\n");
        }
        textbuf_put(to, "  },\n");
    }
    textbuf_put(to, "  \"table_entries\": [\n");
    each_row(w, put_json_row, to);
    textbuf_put(to, "  ]\n}\n");
}

/* The shortest bytes that hold v, the greatest first; one zero byte for 0. */
static void put_bytes(const char *name, uint64_t v, struct textbuf *to)
{
    int shift = 56;

    while (shift > 0 && v >> shift == 0)
        shift -= 8;
    textbuf_printf(to, " %s: \"", name);
    for (; shift >= 0; shift -= 8)
        textbuf_printf(to, "\\%03o", (unsigned)(v >> shift & 0xff));
    textbuf_char(to, '"');
}

static void put_proto_match(const struct row *row, const struct table_ids *ids, struct textbuf *to)
{
    const struct entry_table *const t = row->table;

    for (size_t i = 0; i < t->n_fields; i++) {
        const bool range = t->fields[i].match == MATCH_RANGE;
        if (matches_all(&t->fields[i], row->keys[i]))
            continue;
        textbuf_printf(to, "      match { field_id: %" PRIu32 " %s {", ids->fields[i],
                       range ? "range" : "ternary");
        put_bytes(range ? "low" : "value", row->keys[i].a, to);
        put_bytes(range ? "high" : "mask", row->keys[i].b, to);
        textbuf_put(to, " } }\n");
    }
}

static void put_proto_row(const struct writing *w, const struct row *row, struct textbuf *to)
{
    const struct entry_table *const t = row->table;
    const struct table_ids *const ids = &w->ids[row->place];

    textbuf_printf(
        to, "updates {\n  type: %s\n  entity {\n    table_entry {\n      table_id: %" PRIu32 "\n",
        row->keys ? "INSERT" : "MODIFY", ids->table);
    if (row->keys)
        put_proto_match(row, ids, to);
    textbuf_printf(to, "      action { action { action_id: %" PRIu32, ids->action);
    for (size_t i = 0; i < t->n_params; i++) {
        textbuf_printf(to, " params { param_id: %" PRIu32, ids->params[i]);
        put_bytes("value", row->values[i], to);
        textbuf_put(to, " }");
    }
    textbuf_put(to, " } }\n");
    if (row->keys)
        textbuf_printf(to, "      priority: %zu\n", t->n + 1 - row->number);
    else
        textbuf_put(to, "      is_default_action: true\n");
    textbuf_put(to, "    }\n  }\n}\n");
}

static void write_proto(const struct writing *w, struct textbuf *to)
{
    put_class_comments(w, "#", to);
    textbuf_put(to, "device_id: 1\nelection_id { low: 1 }\n");
    each_row(w, put_proto_row, to);
}

static void put_const_key(const struct entry_field *field, struct entry_key key, struct textbuf *to)
{
    if (field->match == MATCH_RANGE)
        textbuf_printf(to, "%" PRIu64 " .. %" PRIu64, key.a, key.b);
    else
        textbuf_printf(to, "0x%" PRIx64 " &&& 0x%" PRIx64, key.a, key.b);
}

static void put_const_action(const struct entry_table *t, const uint64_t *values,
                             struct textbuf *to)
{
    textbuf_printf(to, "%s(", t->action);
    for (size_t i = 0; i < t->n_params; i++)
        textbuf_printf(to, "%s%" PRIu64, i == 0 ? "" : ", ", values[i]);
    textbuf_put(to, ");\n");
}

static void put_const_entries(const struct entry_table *t, struct textbuf *to)
{
    textbuf_put(to, "const entries = {\n");
    for (size_t i = 0; i < t->n; i++) {
        textbuf_put(to, t->n_fields == 1 ? "    " : "    (");
        for (size_t j = 0; j < t->n_fields; j++) {
            textbuf_put(to, j == 0 ? "" : ", ");
            put_const_key(&t->fields[j], t->keys[i * t->n_fields + j], to);
        }
        textbuf_put(to, t->n_fields == 1 ? " : " : ") : ");
        put_const_action(t, t->values + i * t->n_params, to);
    }
    textbuf_put(to, "}\n");
}

static void write_const(const struct writing *w, struct textbuf *to)
{
    put_class_comments(w, "//", to);
    for (size_t i = 0; i < w->entries->n_tables; i++) {
        const struct entry_table *const t = &w->entries->tables[i];
        textbuf_printf(to, "// table %s\n", t->name);
        if (t->has_default) {
            textbuf_put(to, "const default_action = ");
            put_const_action(t, t->defaults, to);
        }
        if (t->n > 0) /* P4 has no empty list of entries */
            put_const_entries(t, to);
    }
}

static const char *last_part(const char *name)
{
    const char *const dot = strrchr(name, '.');

    return dot ? dot + 1 : name;
}

static void put_bfrt_row(const struct writing *w, const struct row *row, struct textbuf *to)
{
    const struct entry_table *const t = row->table;

    (void)w;
    textbuf_printf(to, "bfrt.%s.%s_with_%s(", t->name, row->keys ? "add" : "set_default",
                   last_part(t->action));
    for (size_t i = 0; i < t->n_fields && row->keys; i++) {
        const char *const name = t->fields[i].name;
        if (t->fields[i].match == MATCH_RANGE)
            textbuf_printf(to, "%s_start=%" PRIu64 ", %s_end=%" PRIu64 ", ", name, row->keys[i].a,
                           name, row->keys[i].b);
        else
            textbuf_printf(to, "%s=0x%" PRIx64 ", %s_mask=0x%" PRIx64 ", ", name, row->keys[i].a,
                           name, row->keys[i].b);
    }
    if (row->keys)
        textbuf_printf(to, "MATCH_PRIORITY=%zu, ", row->number);
    for (size_t i = 0; i < t->n_params; i++)
        textbuf_printf(to, "%s%s=%" PRIu64, i == 0 ? "" : ", ", t->params[i].name, row->values[i]);
    textbuf_put(to, ")\n");
}

static void write_bfrt(const struct writing *w, struct textbuf *to)
{
    put_class_comments(w, "#", to);
    each_row(w, put_bfrt_row, to);
}

static void put_dpdk_row(const struct entry_table *t, const struct entry_key *keys,
                         const uint64_t *values, size_t priority, struct textbuf *to)
{
    textbuf_put(to, "match");
    for (size_t i = 0; i < t->n_fields; i++)
        textbuf_printf(to, " 0x%" PRIx64 "/0x%" PRIx64, keys ? keys[i].a : 0, keys ? keys[i].b : 0);
    textbuf_printf(to, " priority %zu action %s", priority, t->action);
    for (size_t i = 0; i < t->n_params; i++)
        textbuf_printf(to, " %s %" PRIu64, t->params[i].name, values[i]);
    textbuf_char(to, '\n');
}

/* A default action would need a file of its own: an entry that matches anything does the same. */
static void write_dpdk(const struct writing *w, struct textbuf *to)
{
    put_class_comments(w, "#", to);
    for (size_t i = 0; i < w->entries->n_tables; i++) {
        const struct entry_table *const t = &w->entries->tables[i];
        textbuf_printf(to, "# table %s\n", t->name);
        for (size_t j = 0; j < t->n; j++)
            put_dpdk_row(t, t->keys + j * t->n_fields, t->values + j * t->n_params, j, to);
        if (t->has_default)
            put_dpdk_row(t, NULL, t->defaults, t->n, to);
    }
}

void write_entries(enum entries_format format, const struct writing *w, struct textbuf *to)
{
    static void (*const writers[FORMAT_COUNT])(const struct writing *, struct textbuf *) = {
        [FORMAT_BMV2] = write_bmv2,
        [FORMAT_P4RUNTIME_JSON] = write_json,
        [FORMAT_P4RUNTIME_TEXT] = write_proto,
        [FORMAT_CONST] = write_const,
        [FORMAT_BFRT] = write_bfrt,
        [FORMAT_DPDK] = write_dpdk,
    };

    writers[format](w, to);
}
