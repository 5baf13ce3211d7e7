#include "import_json.h"

#include "mem.h"
#include "num.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool import_json_fail(const struct import_json *j, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return err_set(j->e, "%s: %s", j->name, text);
}

bool import_json_number(const struct import_json *j, const json_t *v, const char *what, double min,
                        double max, double *out)
{
    const char *const text = json_string_value(v);

    if (text) {
        size_t n = strlen(text);
        const bool brackets = n > 2 && *text == '[' && text[n - 1] == ']'; /* XGBoost 3 */
        n -= brackets ? 2 : 0;
        if (num_f64(text + brackets, n, out) != NUM_OK)
            return import_json_fail(j, "'%s' is '%.40s', which is no number", what, text);
    } else if (json_is_number(v)) {
        *out = json_number_value(v);
    } else {
        return import_json_fail(j, "there is no number '%s'", what);
    }
    if (!(*out >= min && *out <= max))
        return import_json_fail(j, "'%s' is %g, which is not from %g to %g", what, *out, min, max);
    return true;
}

bool import_json_names(const struct import_json *j, const json_t *v, const char *what,
                       char ***names, size_t *n)
{
    if (!json_is_array(v))
        return import_json_fail(j, "there is no list '%s'", what);
    *names = mem_zero(json_array_size(v), sizeof(char *));
    for (*n = 0; *n < json_array_size(v);) {
        const char *const text = json_string_value(json_array_get(v, *n));
        if (!text)
            return import_json_fail(j, "'%s' holds something else than names", what);
        (*names)[(*n)++] = mem_string(text, strlen(text));
    }
    return true;
}
