/* What is known of each group after the first pass: its rows, its class, its time. */
#ifndef WEIR_GROUPS_H
#define WEIR_GROUPS_H

#include "err.h"
#include "index.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct group {
    uint64_t rows;
    uint64_t start, end; /* ns: its earliest and latest time; BY_TIME only */
    uint64_t class_rows; /* rows of the class below */
    uint32_t class;      /* its first row's; after groups_settle() the one of most rows */
    uint32_t part;       /* where it goes */
};

struct groups {
    struct index *keys; /* a group's number is its key's */
    struct group *all;
    size_t n;
    /* private: rows of further classes in groups that have several */
    size_t cap;
    struct index *mixed_keys;
    struct mixed *mixed;
    size_t mixed_cap;
};

struct groups *groups_new(void);
void groups_free(struct groups *g);

/* Counts a row. False with *e when there are too many groups. */
bool groups_add(struct groups *g, struct hash128 key, uint32_t class, uint64_t start, uint64_t end,
                struct err *e);

/* Decides the class of groups that have several: the one of most rows; of those with as many, the
 * one of lowest rank. rank: the place of each class in order of name. */
void groups_settle(struct groups *g, const uint32_t *rank);

#endif
