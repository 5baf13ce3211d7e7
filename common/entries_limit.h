/* --default-class and --max-entries: how many entries a model's tables take, and whether they fit a
 * target. For the tools that make the tables and for those that make the program around them. */
#ifndef WEIR_ENTRIES_LIMIT_H
#define WEIR_ENTRIES_LIMIT_H

#include "entries.h"

/* Sets o->mode and o->default_class by --default-class: of a class `name`, or with NULL of the one
 * that saves most. False with *e where the model has no such class, or is a forest, whose default
 * is votes. */
bool entries_default_class(const char *name, const struct model *m, struct entries_options *o,
                           struct err *e);

/* False with *e where n, the entries of all tables together, is more than max: names the largest
 * table, and says what takes fewer. n may count more than the tables have (defaults that are
 * entries on a target). */
bool entries_fit(const struct model *m, const struct entries *x, const struct entries_options *o,
                 uint64_t n, uint64_t max, struct err *e);

#endif
