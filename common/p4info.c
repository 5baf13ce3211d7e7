#include "p4info.h"

#include "entries_raw.h"
#include "file.h"
#include "mem.h"
#include "textproto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct member {
    uint32_t id;
    char *name;
};

/* A table and its keys, or an action and its parameters. */
struct object {
    bool is_table;
    uint32_t id;
    char *name, *alias;
    size_t first, n; /* in members */
};

struct p4info {
    struct object *objects;
    struct member *members;
    size_t n_objects, n_members, cap_objects, cap_members;
    bool inside; /* while reading: of a table or an action, not of another kind of object */
};

void p4info_free(struct p4info *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n_objects; i++) {
        free(p->objects[i].name);
        free(p->objects[i].alias);
    }
    for (size_t i = 0; i < p->n_members; i++)
        free(p->members[i].name);
    free(p->objects);
    free(p->members);
    free(p);
}

static void open_message(struct p4info *p, struct span parent, struct span name)
{
    const bool table = span_is(name, "tables"), action = span_is(name, "actions");

    if (parent.n == 0)
        p->inside = table || action;
    if (parent.n == 0 && p->inside) {
        p->objects = mem_grow(p->objects, &p->cap_objects, p->n_objects + 1, sizeof *p->objects);
        p->objects[p->n_objects++] = (struct object){.is_table = table, .first = p->n_members};
    } else if ((span_is(parent, "tables") && span_is(name, "match_fields")) ||
               (span_is(parent, "actions") && span_is(name, "params"))) {
        p->members = mem_grow(p->members, &p->cap_members, p->n_members + 1, sizeof *p->members);
        p->members[p->n_members++] = (struct member){0};
        p->objects[p->n_objects - 1].n++;
    }
}

static void set_text(char **to, struct span text)
{
    free(*to);
    *to = mem_string(text.p, text.n);
}

static bool handle(void *context, const struct scan *s, enum textproto_event event,
                   struct span parent, struct span name, const struct textproto_value *v)
{
    struct p4info *const p = context;

    (void)s;
    if (event == TEXTPROTO_OPEN)
        open_message(p, parent, name);
    if (!p->inside || (event != TEXTPROTO_NUMBER && event != TEXTPROTO_STRING))
        return true;
    struct object *const object = &p->objects[p->n_objects - 1];
    const bool id = span_is(name, "id") && event == TEXTPROTO_NUMBER;
    const bool text = span_is(name, "name") && event == TEXTPROTO_STRING;
    if (span_is(parent, "preamble")) {
        if (id)
            object->id = (uint32_t)v->number;
        else if (text)
            set_text(&object->name, v->text);
        else if (span_is(name, "alias") && event == TEXTPROTO_STRING)
            set_text(&object->alias, v->text);
    } else if (object->n > 0 && (span_is(parent, "match_fields") || span_is(parent, "params"))) {
        if (id)
            p->members[p->n_members - 1].id = (uint32_t)v->number;
        else if (text)
            set_text(&p->members[p->n_members - 1].name, v->text);
    }
    return true;
}

struct p4info *p4info_read(const char *path, struct err *e)
{
    size_t n;
    char *const text = file_read(path, &n, e);
    struct p4info *p = NULL;

    if (!text)
        return NULL;
    p = mem_zero(1, sizeof *p);
    struct scan s = scan_new(text, n, file_name(path), "#", e);
    const bool ok = textproto_read(&s, handle, p);
    free(text);
    if (ok)
        return p;
    p4info_free(p);
    return NULL;
}

static bool same_name(const char *given, const char *wanted)
{
    if (!given)
        return false;
    const char *const dot = strrchr(given, '.');
    return strcmp(given, wanted) == 0 || (dot && strcmp(dot + 1, wanted) == 0);
}

static const struct object *find_object(const struct p4info *p, bool table, const char *name)
{
    for (size_t i = 0; i < p->n_objects; i++) {
        const struct object *const o = &p->objects[i];
        if (o->is_table == table &&
            (same_name(o->name, name) || (o->alias && strcmp(o->alias, name) == 0)))
            return o;
    }
    return NULL;
}

static bool find_member(const struct p4info *p, const struct object *o, const char *name,
                        uint32_t *id, struct err *e)
{
    for (size_t i = 0; i < o->n; i++)
        if (same_name(p->members[o->first + i].name, name)) {
            *id = p->members[o->first + i].id;
            return true;
        }
    return err_set(e, "the P4Info has no %s '%s' in %s '%s'", o->is_table ? "key" : "parameter",
                   name, o->is_table ? "table" : "action", o->name ? o->name : "");
}

static bool find_all(const struct p4info *p, const struct entry_table *t, struct table_ids *ids,
                     struct err *e)
{
    const struct object *const table = find_object(p, true, t->name);
    const struct object *const action = find_object(p, false, t->action);

    if (!table)
        return err_set(e, "the P4Info has no table '%s'", t->name);
    if (!action)
        return err_set(e, "the P4Info has no action '%s'", t->action);
    ids->table = table->id;
    ids->action = action->id;
    for (size_t i = 0; i < t->n_fields; i++)
        if (!find_member(p, table, t->fields[i].name, &ids->fields[i], e))
            return false;
    for (size_t i = 0; i < t->n_params; i++)
        if (!find_member(p, action, t->params[i].name, &ids->params[i], e))
            return false;
    return true;
}

bool table_ids_find(const struct p4info *p, const struct entries *x, size_t table,
                    struct table_ids *ids, struct err *e)
{
    const struct entry_table *const t = &x->tables[table];

    ids->fields = mem_alloc(t->n_fields, sizeof *ids->fields);
    ids->params = mem_alloc(t->n_params, sizeof *ids->params);
    if (p)
        return find_all(p, t, ids, e);
    ids->table = ENTRIES_TABLE_ID + (uint32_t)table;
    ids->action = entries_action_id(x, table);
    for (size_t i = 0; i < t->n_fields; i++)
        ids->fields[i] = (uint32_t)i + 1;
    for (size_t i = 0; i < t->n_params; i++)
        ids->params[i] = (uint32_t)i + 1;
    return true;
}

void table_ids_free(struct table_ids *ids)
{
    free(ids->fields);
    free(ids->params);
}

/* ---- From numbers to names ---- */

static const struct object *object_of(const struct p4info *p, bool table, const char *id)
{
    const unsigned long long number = strtoull(id, NULL, 10);

    for (size_t i = 0; i < p->n_objects; i++)
        if (p->objects[i].is_table == table && p->objects[i].id == number)
            return &p->objects[i];
    return NULL;
}

static const char *last_part(const char *name)
{
    const char *const dot = strrchr(name, '.');

    return dot ? dot + 1 : name;
}

/* The new name of a member's number, or of an unknown one a text that no name can be. */
static uint32_t member_name(const struct p4info *p, const struct object *o, struct raw_entries *r,
                            uint32_t number)
{
    const unsigned long long id =
        number == RAW_NO_NAME ? 0 : strtoull(intern_text(r->names, number), NULL, 10);

    for (size_t i = 0; i < o->n; i++) {
        const struct member *const m = &p->members[o->first + i];
        if (m->id == id && m->name) {
            const char *const name = last_part(m->name);
            return raw_name(r, span_of(name));
        }
    }
    return raw_name(r, (struct span){"?", 1});
}

bool p4info_rename(const struct p4info *p, struct raw_entries *r, const char *file, struct err *e)
{
    for (size_t i = 0; i < r->n_entries; i++) {
        struct raw_entry *const entry = &r->entries[i];
        const char *const table_id = intern_text(r->names, entry->table);
        const char *const action_id = intern_text(r->names, entry->action);
        const struct object *const table = object_of(p, true, table_id);
        const struct object *const action = object_of(p, false, action_id);
        if (!table || !table->name || !action || !action->name)
            return err_set(e, "%s:%ju: the P4Info has no table %s or no action %s", file,
                           (uintmax_t)entry->line, table_id, action_id);
        for (size_t k = entry->first_key; k < entry->first_key + entry->n_keys; k++)
            r->keys[k].name = member_name(p, table, r, r->keys[k].name);
        for (size_t k = entry->first_param; k < entry->first_param + entry->n_params; k++)
            r->params[k].name = member_name(p, action, r, r->params[k].name);
        entry->table = raw_name(r, span_of(table->name));
        entry->action = raw_name(r, span_of(action->name));
    }
    r->ids = false;
    return true;
}
