#include "redis_key.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* Text, and the column whose value follows it. */
struct part {
    char *text, *column; /* column NULL: none, in the last part */
    size_t place;        /* of the column in the table */
};

struct redis_key {
    struct part *parts;
    size_t n, cap;
};

static void add_part(struct redis_key *k, const char *text, size_t n_text, const char *column,
                     size_t n_column)
{
    k->parts = mem_grow(k->parts, &k->cap, k->n + 1, sizeof *k->parts);
    k->parts[k->n++] =
        (struct part){mem_string(text, n_text), column ? mem_string(column, n_column) : NULL, 0};
}

/* "flow" and "file,frame". */
static bool add_names(struct redis_key *k, const char *list, struct err *e)
{
    char *const base = mem_alloc(strlen(list) + 2, 1);
    const size_t first = strcspn(list, ",");

    memcpy(base, list, first);
    base[first] = ':';
    for (const char *p = list;; p++) {
        const size_t n = strcspn(p, ",");
        if (n == 0)
            break;
        add_part(k, k->n ? ":" : base, k->n ? 1 : first + 1, p, n);
        p += n;
        if (*p)
            continue;
        free(base);
        return true;
    }
    free(base);
    return err_set(e, "'%s' names no column", list);
}

static bool add_template(struct redis_key *k, const char *template, struct err *e)
{
    const char *p = template;

    for (const char *open; (open = strchr(p, '{')) != NULL;) {
        const char *const close = strchr(open, '}');
        if (!close || close == open + 1)
            return err_set(e, "'%s' has a '{' without COLUMN} after it", template);
        add_part(k, p, (size_t)(open - p), open + 1, (size_t)(close - open) - 1);
        p = close + 1;
    }
    if (*p)
        add_part(k, p, strlen(p), NULL, 0);
    return *k->parts[0].text ||
           err_set(e, "'%s' begins with a column: put a text before it, such as row:", template);
}

struct redis_key *redis_key_new(const char *template, struct err *e)
{
    struct redis_key *const k = mem_zero(1, sizeof *k);

    if (strchr(template, '{') ? add_template(k, template, e) : add_names(k, template, e))
        return k;
    redis_key_free(k);
    return NULL;
}

void redis_key_free(struct redis_key *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->n; i++) {
        free(k->parts[i].text);
        free(k->parts[i].column);
    }
    free(k->parts);
    free(k);
}

const char *redis_key_base(const struct redis_key *k)
{
    return k->parts[0].text;
}

bool redis_key_bind(struct redis_key *k, const struct table *t, struct err *e)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->parts[i].column && !table_require(t, k->parts[i].column, &k->parts[i].place, e))
            return false;
    return true;
}

bool redis_key_put(const struct redis_key *k, const struct table *t, struct textbuf *to,
                   struct err *e)
{
    const size_t base = strlen(k->parts[0].text), from = to->n;

    for (size_t i = 0; i < k->n; i++) {
        const struct part *const part = &k->parts[i];
        textbuf_put(to, part->text);
        if (!part->column)
            continue;
        const struct span value = table_field(t, part->place);
        if (value.n == 0)
            return table_fail(t, part->place, e, "is empty, and the row's key is made of it");
        textbuf_bytes(to, value.p, value.n);
    }
    const struct span rest = {to->p + from + base, to->n - from - base};
    if (span_is(rest, "columns") || span_is(rest, "header"))
        return table_fail(t, k->parts[0].place, e, "makes the key that describes the rows");
    return true;
}
