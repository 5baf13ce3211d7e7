/* Names to numbers: each distinct text gets the next number from 0. */
#ifndef WEIR_INTERN_H
#define WEIR_INTERN_H

#include "table.h"

#include <stddef.h>
#include <stdint.h>

struct intern;

struct intern *intern_new(void);
void intern_free(struct intern *n);

/* The number of a text; new texts are copied and numbered. */
uint32_t intern_add(struct intern *n, struct span text);

/* The number of a text, or INTERN_NONE. */
#define INTERN_NONE UINT32_MAX
uint32_t intern_find(const struct intern *n, struct span text);

size_t intern_count(const struct intern *n);

/* The text of a number; ends in NUL, stays valid until intern_free(). */
const char *intern_text(const struct intern *n, uint32_t number);

#endif
