#include "entries_raw.h"

#include "mem.h"

#include <stdlib.h>

void raw_init(struct raw_entries *r)
{
    *r = (struct raw_entries){.names = intern_new()};
}

void raw_free(struct raw_entries *r)
{
    intern_free(r->names);
    free(r->entries);
    free(r->keys);
    free(r->params);
}

uint32_t raw_name(struct raw_entries *r, struct span text)
{
    return intern_add(r->names, text);
}

struct raw_entry *raw_begin(struct raw_entries *r, uint32_t table, uint32_t action, uint64_t line)
{
    r->entries = mem_grow(r->entries, &r->cap_entries, r->n_entries + 1, sizeof *r->entries);
    r->entries[r->n_entries] = (struct raw_entry){
        .table = table,
        .action = action,
        .first_key = r->n_keys,
        .first_param = r->n_params,
        .line = line,
    };
    return &r->entries[r->n_entries++];
}

struct raw_entry *raw_last(struct raw_entries *r)
{
    return &r->entries[r->n_entries - 1];
}

void raw_add_key(struct raw_entries *r, struct raw_key key)
{
    r->keys = mem_grow(r->keys, &r->cap_keys, r->n_keys + 1, sizeof *r->keys);
    r->keys[r->n_keys++] = key;
    raw_last(r)->n_keys++;
}

void raw_add_param(struct raw_entries *r, struct raw_param param)
{
    r->params = mem_grow(r->params, &r->cap_params, r->n_params + 1, sizeof *r->params);
    r->params[r->n_params++] = param;
    raw_last(r)->n_params++;
}

uint32_t entries_action_id(const struct entries *x, size_t table)
{
    size_t codes = 0;

    while (codes < x->n_tables && x->tables[codes].role == TABLE_CODE)
        codes++;
    return ENTRIES_ACTION_ID + (uint32_t)(table < codes ? table : codes);
}
