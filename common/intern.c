#include "intern.h"

#include "mem.h"

#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct entry {
    char *text;
    size_t n;
    uint64_t hash;
};

struct intern {
    struct entry *entries;
    size_t count, cap;
    uint32_t *slots; /* entry + 1, 0: free; a power of two of them, at most half full */
    size_t n_slots;
};

struct intern *intern_new(void)
{
    struct intern *const n = mem_zero(1, sizeof *n);

    n->n_slots = 64;
    n->slots = mem_zero(n->n_slots, sizeof *n->slots);
    return n;
}

void intern_free(struct intern *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++)
        free(n->entries[i].text);
    free(n->entries);
    free(n->slots);
    free(n);
}

/* The slot where a text is or would go. */
static size_t find_slot(const struct intern *n, struct span text, uint64_t hash)
{
    size_t i = hash & (n->n_slots - 1);

    for (; n->slots[i]; i = (i + 1) & (n->n_slots - 1)) {
        const struct entry *const e = &n->entries[n->slots[i] - 1];
        if (e->hash == hash && e->n == text.n && memcmp(e->text, text.p, text.n) == 0)
            break;
    }
    return i;
}

static void grow(struct intern *n)
{
    free(n->slots);
    n->n_slots *= 2;
    n->slots = mem_zero(n->n_slots, sizeof *n->slots);
    for (size_t k = 0; k < n->count; k++) {
        size_t i = n->entries[k].hash & (n->n_slots - 1);
        while (n->slots[i])
            i = (i + 1) & (n->n_slots - 1);
        n->slots[i] = (uint32_t)k + 1;
    }
}

uint32_t intern_add(struct intern *n, struct span text)
{
    const uint64_t hash = XXH3_64bits(text.p, text.n);
    size_t slot = find_slot(n, text, hash);

    if (n->slots[slot])
        return n->slots[slot] - 1;
    if (2 * (n->count + 1) > n->n_slots) {
        grow(n);
        slot = find_slot(n, text, hash);
    }
    n->entries = mem_grow(n->entries, &n->cap, n->count + 1, sizeof *n->entries);
    n->entries[n->count] = (struct entry){mem_string(text.p, text.n), text.n, hash};
    n->slots[slot] = (uint32_t)++n->count;
    return (uint32_t)n->count - 1;
}

uint32_t intern_find(const struct intern *n, struct span text)
{
    const uint32_t found = n->slots[find_slot(n, text, XXH3_64bits(text.p, text.n))];

    return found ? found - 1 : INTERN_NONE;
}

size_t intern_count(const struct intern *n)
{
    return n->count;
}

const char *intern_text(const struct intern *n, uint32_t number)
{
    return n->entries[number].text;
}
