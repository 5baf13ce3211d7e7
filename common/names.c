#include "names.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

bool names_have(const char *list, const char *name)
{
    const size_t n = strlen(name);

    for (const char *p = list; p && *p;) {
        const size_t k = strcspn(p, ",");
        if (k == n && memcmp(p, name, n) == 0)
            return true;
        p += k + (p[k] == ',');
    }
    return false;
}

bool names_each(const char *list, bool (*take)(void *context, const char *name, struct err *e),
                void *context, struct err *e)
{
    bool ok = true;

    for (const char *p = list; p && ok && *p;) {
        const size_t n = strcspn(p, ",");
        char *const name = mem_string(p, n);
        ok = take(context, name, e);
        free(name);
        p += n + (p[n] == ',');
    }
    return ok;
}
