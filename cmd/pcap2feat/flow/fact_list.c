#include "fact_list.h"

#include "escape.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* An entry: the column's number, the length, the text. */
struct entry {
    uint16_t id, n;
};

void fact_list_free(struct fact_list *l)
{
    free(l->entries);
    *l = (struct fact_list){0};
}

struct span fact_list_get(const struct fact_list *l, enum feature_id id)
{
    struct entry e;

    for (uint32_t at = 0; at < l->n; at += (uint32_t)sizeof e + e.n) {
        memcpy(&e, l->entries + at, sizeof e);
        if (e.id == id)
            return (struct span){l->entries + at + sizeof e, e.n};
    }
    return (struct span){NULL, 0};
}

void fact_list_put(struct fact_list *l, enum feature_id id, const char *text, size_t n)
{
    const struct entry e = {(uint16_t)id, (uint16_t)n};

    if (n == 0 || n > FACT_BYTES || l->n + sizeof e + n > FACT_LIST_BYTES ||
        fact_list_get(l, id).n > 0)
        return;
    const uint32_t need = l->n + (uint32_t)(sizeof e + n);
    if (need > l->cap) {
        l->cap = need + 32;
        l->entries = mem_resize(l->entries, l->cap, 1);
    }
    memcpy(l->entries + l->n, &e, sizeof e);
    memcpy(l->entries + l->n + sizeof e, text, n);
    l->n = need;
}

void fact_text_add(struct fact_text *t, const uint8_t *p, size_t n, const char *also)
{
    t->n += escape_put(t->bytes + t->n, sizeof t->bytes - t->n, p, n, also);
}

void fact_text_item(struct fact_text *t, const uint8_t *p, size_t n)
{
    if (t->n > 0 && t->n < sizeof t->bytes)
        t->bytes[t->n++] = ';';
    t->n += escape_put(t->bytes + t->n, sizeof t->bytes - t->n, p, n, ";");
}
