/* The numbers by which P4Runtime knows tables, keys, actions and parameters: those that a P4
 * compiler wrote into a P4Info file (text format), or Weir's own (entries_raw.h). */
#ifndef WEIR_P4INFO_H
#define WEIR_P4INFO_H

#include "entries.h"
#include "err.h"

#include <stdint.h>

struct p4info;
struct raw_entries;

/* Reads a P4Info file. NULL with *e. Freed with p4info_free(). */
struct p4info *p4info_read(const char *path, struct err *e);
void p4info_free(struct p4info *p);

/* The numbers of the names in a table; p NULL: Weir's own. A name is found as it is, by its alias,
 * or by what follows its last dot (the key "meta.iat" for "iat"). */
struct table_ids {
    uint32_t table, action;
    uint32_t *fields, *params; /* as many as the table has */
};

/* False with *e that says which name is not there. Freed with table_ids_free(). */
bool table_ids_find(const struct p4info *p, const struct entries *x, size_t table,
                    struct table_ids *ids, struct err *e);
void table_ids_free(struct table_ids *ids);

/* Turns the numbers of entries that were read into names. False with *e. */
bool p4info_rename(const struct p4info *p, struct raw_entries *r, const char *file, struct err *e);

#endif
