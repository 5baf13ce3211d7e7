/* Match-action entries: a model as the tables of a switch.
 *
 * Encodings. ENCODING_RANGE: one table a tree, a range key for each feature. ENCODING_TERNARY: the
 * same with every range replaced by prefixes. ENCODING_CODED: a table for each feature that turns
 * its value into a thermometer code (bit i is set where the value is above the i-th threshold;
 * words of up to 64 bits), and one table a tree whose ternary keys are those codes.
 *
 * A tree's table gives the class number; in a forest each tree's table gives votes for each class
 * (model_votes()), which the program sums up; the verdict is the lowest class with the greatest
 * sum.
 *
 * A run works on slots: the features in the model's order, then the code words. Keys read slots;
 * the tables of codes write them. */
#ifndef WEIR_ENTRIES_H
#define WEIR_ENTRIES_H

#include "boxes.h"
#include "err.h"
#include "model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum entries_encoding {
    ENCODING_RANGE,
    ENCODING_CODED,
    ENCODING_TERNARY,
};

/* "range", "coded", "ternary", NULL. */
extern const char *const entries_encoding_names[];

enum {
    ENTRIES_MAX = 1000000, /* in one set of tables; more is refused */
    ENTRY_VERDICT_BITS = 16,
    ENTRY_VOTE_BITS = 8,  /* but where a model holds votes: those that its most need */
    ENTRY_WORD_BITS = 64, /* of a code at most */
};

struct entries_options {
    enum entries_encoding encoding;
    enum boxes_default mode;
    uint32_t default_class; /* 0-based, with BOXES_GIVEN; not for forests */
    const char *table;      /* NULL: "classify" */
    const char *action;     /* NULL: "set_class", in a forest "add_votes" */
};

enum entry_match {
    MATCH_RANGE,   /* a <= x <= b */
    MATCH_TERNARY, /* (x & b) == a */
};

struct entry_key {
    uint64_t a, b;
};

struct entry_field {
    char *name;
    unsigned bits; /* 1..64 */
    enum entry_match match;
    size_t slot;
};

struct entry_param {
    char *name;
    unsigned bits;
    size_t slot; /* where a table of codes puts it */
};

enum entry_role {
    TABLE_CODE,    /* of the feature `index` */
    TABLE_VERDICT, /* of the tree `index`: the class number, or the votes for each class */
};

struct entry_table {
    char *name, *action;
    enum entry_role role;
    size_t index;
    struct entry_field *fields;
    size_t n_fields;
    struct entry_param *params;
    size_t n_params;
    struct entry_key *keys; /* n rows of n_fields; the first row that matches wins */
    uint64_t *values;       /* n rows of n_params */
    size_t n, cap_keys, cap_values;
    bool has_default;
    uint64_t *defaults; /* n_params */
};

struct entry_feature {
    unsigned bits;
    uint64_t max;         /* of its domain; a key's greatest value is 2^bits - 1 */
    uint64_t *thresholds; /* over all trees, ascending, without repeats */
    size_t n_thresholds;
    size_t code_bits; /* in ENCODING_CODED: one a threshold; 0: the feature has no code */
    size_t code_slot; /* of the first code word */
};

struct entries {
    enum entries_encoding encoding;
    struct entry_table *tables; /* codes in order of features, then one a tree */
    size_t n_tables;
    struct entry_feature *features;
    size_t n_features, n_trees, n_classes;
    size_t n_slots;
};

/* The tables without entries: names, keys and parameters. Freed with entries_free(). */
struct entries *entries_layout(const struct model *m, const struct entries_options *o);
void entries_free(struct entries *x);

/* Room for one more row at the end of a table; its keys and values are the caller's to set. */
struct entry_key *entry_table_keys(struct entry_table *t, size_t row);
uint64_t *entry_table_values(struct entry_table *t, size_t row);
size_t entry_table_add(struct entry_table *t);

/* The entries that a model needs in all tables together; at most UINT64_MAX. */
uint64_t entries_count(const struct model *m, const struct entries_options *o);

/* Makes the entries. NULL with *e when there would be more than ENTRIES_MAX. */
struct entries *entries_build(const struct model *m, const struct entries_options *o,
                              struct err *e);
uint64_t entries_total(const struct entries *x);

/* What a switch does with a row of n_features values: the class number, 0 where no table of a tree
 * gave any. Values above a key's width are lowered to its largest. `slots` is scratch for n_slots
 * items, `sums` for n_classes. */
uint32_t entries_verdict(const struct entries *x, const uint64_t *row, uint64_t *slots,
                         uint64_t *sums);

/* The values that a table gives for these slots; NULL on a miss without a default. */
const uint64_t *entry_table_find(const struct entry_table *t, const uint64_t *slots);
bool entry_key_matches(struct entry_key key, enum entry_match match, uint64_t x);

/* `name` as an identifier of P4 and Python: other characters become '_'; a digit in front, a
 * reserved word and a name like those that the entries make ("x_mask") get one more. Freed by the
 * caller. */
char *entries_identifier(const char *name);

/* Whether a user's name of a table or an action can stand in every format: identifiers joined by
 * dots. */
bool entries_name_valid(const char *name);

#endif
