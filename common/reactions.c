#include "reactions.h"

#include "dscp.h"
#include "mem.h"
#include "suggest.h"

#include <stdlib.h>
#include <string.h>

static bool find_class(const struct model *m, const char *name, size_t *class, struct err *e)
{
    struct suggest near = {0};
    char text[128];

    for (size_t i = 0; i < m->n_classes; i++) {
        if (strcmp(m->classes[i].name, name) == 0) {
            *class = i;
            return true;
        }
        suggest_offer(&near, name, m->classes[i].name);
    }
    return err_set(e, "the model has no class '%s'%s", name,
                   suggest_text(&near, text, sizeof text));
}

static bool find_dscp(const char *name, uint8_t *dscp, struct err *e)
{
    return dscp_parse(name, dscp) || err_set(e, "'%s' is no DSCP: " DSCP_HINT, name);
}

static bool take_drop(const struct model *m, char *item, struct reaction *all, struct err *e)
{
    size_t class;

    if (!find_class(m, item, &class, e))
        return false;
    all[class].drop = true;
    return true;
}

static bool take_dscp(const struct model *m, char *item, struct reaction *all, struct err *e)
{
    char *const equals = strrchr(item, '=');
    size_t class;

    if (!equals)
        return err_set(e, "--dscp takes CLASS=DSCP, not '%s'", item);
    *equals = '\0';
    return find_class(m, item, &class, e) && find_dscp(equals + 1, &all[class].dscp, e);
}

static bool each_item(const char *list, const struct model *m, struct reaction *all,
                      bool (*take)(const struct model *, char *, struct reaction *, struct err *),
                      struct err *e)
{
    bool ok = true;

    for (const char *p = list; ok && p && *p;) {
        const size_t n = strcspn(p, ",");
        char *const item = mem_string(p, n);
        ok = take(m, item, all, e);
        free(item);
        p += n + (p[n] == ',');
    }
    return ok;
}

struct reaction *reactions_read(const char *drop, const char *dscp, const struct model *m,
                                struct err *e)
{
    struct reaction *const all = mem_alloc(m->n_classes, sizeof *all);

    for (size_t i = 0; i < m->n_classes; i++)
        all[i] = (struct reaction){.dscp = DSCP_NONE};
    if (each_item(drop, m, all, take_drop, e) && each_item(dscp, m, all, take_dscp, e))
        return all;
    free(all);
    return NULL;
}

bool reactions_drop(const struct reaction *reactions, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (reactions[i].drop)
            return true;
    return false;
}

bool reactions_mark(const struct reaction *reactions, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (reactions[i].dscp != DSCP_NONE && !reactions[i].drop)
            return true;
    return false;
}
