#include "layout.h"

#include "fixbuf_err.h"
#include "intern.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum { RANKS = 4 };

struct layouts {
    const struct plan *plan;
    struct intern *known; /* by their variants */
    struct layout *at;
    size_t cap;
};

struct layouts *layouts_new(const struct plan *p)
{
    struct layouts *const l = mem_zero(1, sizeof *l);

    l->plan = p;
    l->known = intern_new();
    return l;
}

void layouts_free(struct layouts *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < intern_count(l->known); i++)
        free(l->at[i].slots);
    free(l->at);
    intern_free(l->known);
    free(l);
}

/* libfixbuf reads records without padding: what must lie at a place that 8 divides comes first. */
static unsigned rank(const struct value *x)
{
    return x->size % 8 == 0 ? 0 : x->size % 4 == 0 ? 1 : x->size % 2 == 0 ? 2 : 3;
}

static void add_slots(struct layout *at, const struct plan *p, const struct values *v, unsigned r,
                      bool reverse)
{
    for (size_t i = 0; i < p->n; i++) {
        const enum variant variant = values_variants(v)[i];
        const bool is_reverse = p->fields[i].element[0]->ent == FB_IE_PEN_REVERSE;
        if (variant != VARIANT_MISSING && rank(values_at(v, i)) == r && is_reverse == reverse)
            at->slots[at->n++] = (struct slot){i, variant};
    }
}

/* Of two elements of a kind the reverse one comes first: nfdump has room for one direction's TCP
 * flags and keeps those that come later. */
static void arrange(struct layout *at, const struct plan *p, const struct values *v)
{
    at->slots = mem_alloc(p->n, sizeof *at->slots);
    at->n = 0;
    for (unsigned r = 0; r < RANKS; r++) {
        add_slots(at, p, v, r, true);
        add_slots(at, p, v, r, false);
    }
}

struct layout *layouts_find(struct layouts *l, const struct values *v, bool *fresh, struct err *e)
{
    const struct span key = {(const char *)values_variants(v), l->plan->n};
    const size_t before = intern_count(l->known);
    const size_t found = intern_add(l->known, key);

    *fresh = found == before;
    if (!*fresh)
        return &l->at[found];
    l->at = mem_grow(l->at, &l->cap, found + 1, sizeof *l->at);
    struct layout *const at = &l->at[found];
    arrange(at, l->plan, v);
    if (found < LAYOUTS_MOST && at->n > 0)
        return at;
    if (at->n == 0)
        err_set(e, "a row without any value");
    else
        err_set(e,
                "more than %d templates: the rows differ in too many ways in which of their fields "
                "are empty (leave columns out)",
                LAYOUTS_MOST);
    return NULL;
}

size_t layouts_count(const struct layouts *l)
{
    return intern_count(l->known);
}

fbTemplate_t *layout_template(const struct layouts *l, const struct layout *at, struct err *e)
{
    fbTemplate_t *const t = fbTemplateAlloc(l->plan->model);
    GError *g = NULL;

    for (size_t i = 0; i < at->n; i++) {
        const struct field *const f = &l->plan->fields[at->slots[i].field];
        fbInfoElement_t ie = *f->element[at->slots[i].variant == VARIANT_SECOND];
        if (fbTemplateAppend(t, &ie, &g))
            continue;
        fixbuf_err(e, "making a template", g);
        fbTemplateFreeUnused(t);
        return NULL;
    }
    return t;
}

size_t layouts_room(const struct layouts *l)
{
    return l->plan->n * sizeof(struct value);
}

size_t layout_fill(const struct layout *at, const struct values *v, uint8_t *p)
{
    uint8_t *const start = p;

    for (size_t i = 0; i < at->n; i++) {
        const struct value *const x = values_at(v, at->slots[i].field);
        memcpy(p, x->bytes, x->size);
        p += x->size;
    }
    return (size_t)(p - start);
}
