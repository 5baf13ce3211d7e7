#include "named.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

size_t named_prefix(const char *text)
{
    size_t n = 0;

    if (!is_letter(*text))
        return 0;
    while (is_letter(text[n]) || (text[n] >= '0' && text[n] <= '9') ||
           (text[n] && strchr("_-.", text[n])))
        n++;
    if (text[n] != '=' || (n == 3 && strncmp(text, "len", 3) == 0))
        return 0;
    return n;
}

bool named_add(struct named_filters *n, const char *name, size_t length, struct filter *f)
{
    if (n->n == NAMED_MOST)
        return false;
    for (size_t i = 0; i < n->n; i++)
        if (strlen(n->all[i].name) == length && strncmp(n->all[i].name, name, length) == 0)
            return false;
    n->all[n->n].name = mem_string(name, length);
    n->all[n->n++].filter = f;
    return true;
}

void named_free(struct named_filters *n)
{
    for (size_t i = 0; i < n->n; i++) {
        free(n->all[i].name);
        filter_free(n->all[i].filter);
    }
    n->n = 0;
}

uint64_t named_match(const struct named_filters *n, const struct frame *f)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < n->n; i++)
        bits |= (uint64_t)filter_match(n->all[i].filter, f) << i;
    return bits;
}

char *named_put(char *p, const struct named_filters *n, uint64_t bits)
{
    for (uint64_t rest = bits; rest; rest &= rest - 1) {
        const char *const name = n->all[__builtin_ctzll(rest)].name;
        if (rest != bits)
            *p++ = ';';
        p = stpcpy(p, name);
    }
    return p;
}

size_t named_room(const struct named_filters *n)
{
    return n->n * (NAMED_LONGEST + 1) + 1;
}
