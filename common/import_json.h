/* JSON that is expected to hold something: numbers in a range, names. */
#ifndef WEIR_IMPORT_JSON_H
#define WEIR_IMPORT_JSON_H

#include "err.h"

#include <jansson.h>
#include <stddef.h>

struct import_json {
    const char *name; /* of the file */
    struct err *e;
};

/* Sets the error to "NAME: TEXT"; false. */
bool import_json_fail(const struct import_json *j, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A number, or a text that is one, in [min, max]. */
bool import_json_number(const struct import_json *j, const json_t *v, const char *what, double min,
                        double max, double *out);

/* A list of texts. */
bool import_json_names(const struct import_json *j, const json_t *v, const char *what,
                       char ***names, size_t *n);

#endif
