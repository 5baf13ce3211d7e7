/* Which template a row has: one for each set of fields that are there together. */
#ifndef FLOW2IPFIX_LAYOUT_H
#define FLOW2IPFIX_LAYOUT_H

#include "err.h"
#include "plan.h"
#include "values.h"

#include <fixbuf/public.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LAYOUTS_MOST = 1000 }; /* templates of one table */

struct layout {
    uint16_t id; /* of the template */
    struct slot {
        size_t field;
        enum variant variant;
    } * slots; /* in the order of the template: no field lies at an odd place */
    size_t n;
};

struct layouts;

/* Calls for the templates of a plan, which must stay. Freed with layouts_free(). */
struct layouts *layouts_new(const struct plan *p);
void layouts_free(struct layouts *l);

/* The layout of a row. *fresh: it is new, and has no id yet. NULL with *e: there are too many. */
struct layout *layouts_find(struct layouts *l, const struct values *v, bool *fresh, struct err *e);
size_t layouts_count(const struct layouts *l);

/* A template of the layout for libfixbuf, which frees it. NULL with *e. */
fbTemplate_t *layout_template(const struct layouts *l, const struct layout *at, struct err *e);

/* Writes the row as libfixbuf takes it; bytes written. p has room for layouts_room(). */
size_t layout_fill(const struct layout *at, const struct values *v, uint8_t *p);
size_t layouts_room(const struct layouts *l);

#endif
