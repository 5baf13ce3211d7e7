/* What a row weighs in training, by its class. */
#ifndef WEIR_CLASS_WEIGHTS_H
#define WEIR_CLASS_WEIGHTS_H

#include "err.h"
#include "model.h"

#include <stdbool.h>
#include <stddef.h>

/* So that rare classes count as much as common ones: rows / (classes x rows of the class). */
void class_weights_balance(struct model_class *classes, size_t n);

/* From a table with columns 'class' and 'weight'; classes that it does not name keep theirs. False
 * with *e: a name that is no class, stands twice, a weight outside 1e-9..1e9. */
bool class_weights_read(struct model_class *classes, size_t n, const char *path, struct err *e);

#endif
