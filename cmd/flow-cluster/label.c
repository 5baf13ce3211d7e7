#include "label.h"

#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool taken(char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (names[i] && strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* What is proposed for a cluster: names that were given count as taken. */
static char *propose(const struct found *found, const struct flows *f, char *const *names,
                     size_t number)
{
    const char *const hint = hints_name(f->hints, found->cluster, (uint32_t)number);
    char *name;

    if (strcmp(hint, HINTS_NONE) != 0 && !taken(names, found->n, hint))
        return mem_string(hint, strlen(hint));
    if (asprintf(&name, "%s-%zu", hint, number + 1) < 0)
        die("out of memory");
    return name;
}

char **label_clusters(const struct found *found, const struct flows *f, const struct options *o,
                      struct err *e)
{
    char **const names = mem_zero(found->n, sizeof *names);

    for (size_t i = 0; i < o->n_names; i++) {
        const struct given_name *const given = &o->names[i];
        if (given->cluster > found->n) {
            (void)err_set(e, "--name=%llu=%s: there %s %zu cluster%s",
                          (unsigned long long)given->cluster, given->name,
                          found->n == 1 ? "is" : "are", found->n, found->n == 1 ? "" : "s");
            label_free(names, found->n);
            return NULL;
        }
        names[given->cluster - 1] = mem_string(given->name, strlen(given->name));
    }
    for (size_t i = 0; i < found->n; i++)
        if (!names[i])
            names[i] = propose(found, f, names, i);
    return names;
}

void label_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}
