/* What the columns of a table become: the fields of its records, and the elements they stand for.
 */
#ifndef FLOW2IPFIX_PLAN_H
#define FLOW2IPFIX_PLAN_H

#include "err.h"
#include "mapping.h"
#include "out.h"
#include "table.h"

#include <fixbuf/public.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A field of the records. */
struct field {
    enum convert convert;
    size_t *columns; /* of the table: one, or those of a list in order */
    size_t n_columns;
    const fbInfoElement_t *element[2]; /* the second: of IPv6 addresses */
    const fbInfoElement_t *item;       /* of a list; else NULL */
    uint64_t max;                      /* the largest integer that the column may hold */
};

struct plan {
    fbInfoModel_t *model;
    struct field *fields;
    size_t n;
    const fbInfoElement_t **own; /* those that collectors have to be told of */
    size_t n_own;
    long end; /* the column `end`, or TABLE_NONE */
};

/* The plan of a table, with own elements under pen. NULL with *e: more columns than there are
 * numbers. Freed with plan_free(). */
struct plan *plan_new(const struct table *t, uint32_t pen, struct err *e);
void plan_free(struct plan *p);

/* Whether the values of a field may be missing from a record, which then has another template. Text
 * and lists are empty instead. */
bool field_may_miss(const struct field *f);

/* Writes the plan as a table: column, element, pen, id, type, bytes. */
void plan_list(const struct plan *p, const struct table *t, struct out *o);

#endif
