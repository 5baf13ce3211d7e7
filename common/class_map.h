/* Which category each class belongs to: a table with columns 'class' and 'category'. */
#ifndef WEIR_CLASS_MAP_H
#define WEIR_CLASS_MAP_H

#include "err.h"
#include "table.h"

#include <stdbool.h>

struct class_map;

/* NULL with *e: a class twice, an empty name. Freed with class_map_free(). */
struct class_map *class_map_read(const char *path, struct err *e);
void class_map_free(struct class_map *m); /* NULL is allowed */

/* The category of a class of t's current row; without a map (NULL) the class itself. False with *e
 * where the class is empty or has no category. */
bool class_map_get(const struct class_map *m, const struct table *t, size_t column,
                   struct span *category, struct err *e);

#endif
