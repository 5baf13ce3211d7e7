/* Entries as a file states them, before they are understood: what the readers of the formats make
 * and entries_bind() turns into tables. */
#ifndef WEIR_ENTRIES_RAW_H
#define WEIR_ENTRIES_RAW_H

#include "entries.h"
#include "intern.h"
#include "scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum raw_kind {
    RAW_EXACT,   /* a */
    RAW_RANGE,   /* a to b */
    RAW_TERNARY, /* a under the mask b */
    RAW_LPM,     /* the first b bits of a */
    RAW_PAIR,    /* a and b: a range or a ternary, which the table decides */
};

#define RAW_NO_NAME INTERN_NONE /* known by its place */

struct raw_key {
    uint32_t name;
    enum raw_kind kind;
    uint64_t a, b;
};

struct raw_param {
    uint32_t name;
    uint64_t value;
};

struct raw_entry {
    uint32_t table, action;
    size_t first_key, n_keys, first_param, n_params;
    uint64_t priority;
    bool has_priority, is_default;
    uint64_t line;
};

/* Which of the entries that match wins. */
enum raw_order {
    ORDER_LISTED,  /* the first in the file */
    ORDER_LOWEST,  /* the lowest priority */
    ORDER_HIGHEST, /* the highest priority, which is not 0 */
};

struct raw_entries {
    struct intern *names;
    struct raw_entry *entries;
    struct raw_key *keys;
    struct raw_param *params;
    size_t n_entries, n_keys, n_params;
    size_t cap_entries, cap_keys, cap_params;
    enum raw_order order;
    bool priority_last; /* a priority stands as one more parameter, at the end */
    bool ids;           /* names are the numbers of P4Runtime: ENTRIES_TABLE_ID and up */
    bool named;         /* keys and parameters that are left out match anything */
    bool ternary;       /* pairs are ternary */
};

/* P4Runtime's numbers where no P4Info says otherwise: tables and actions count up from these in the
 * order of struct entries (an action of a table of codes is its table's place; that of the trees
 * follows), keys and parameters from 1. */
enum {
    ENTRIES_TABLE_ID = 0x02000001,
    ENTRIES_ACTION_ID = 0x01000001,
};
uint32_t entries_action_id(const struct entries *x, size_t table);

void raw_init(struct raw_entries *r);
void raw_free(struct raw_entries *r);

/* The number of a name. */
uint32_t raw_name(struct raw_entries *r, struct span text);

/* Begins an entry; keys, parameters and priority follow for the entry that was begun last. */
struct raw_entry *raw_begin(struct raw_entries *r, uint32_t table, uint32_t action, uint64_t line);
struct raw_entry *raw_last(struct raw_entries *r);
void raw_add_key(struct raw_entries *r, struct raw_key key);
void raw_add_param(struct raw_entries *r, struct raw_param param);

/* The readers: false with *s->e. */
bool read_bmv2(struct scan *s, struct raw_entries *r);
bool read_p4runtime_json(struct scan *s, struct raw_entries *r);
bool read_p4runtime_text(struct scan *s, struct raw_entries *r);
bool read_const(struct scan *s, struct raw_entries *r);
bool read_bfrt(struct scan *s, struct raw_entries *r);
bool read_dpdk(struct scan *s, struct raw_entries *r);

/* The tables of a model with these entries in them. NULL with *e, which names `file`. */
struct entries *entries_bind(const struct raw_entries *r, const struct model *m, const char *file,
                             struct err *e);

#endif
