#include "part.h"

#include "mem.h"

#include <string.h>

/* The block of packet i, and where that block ends. */
static size_t block_of(size_t n, size_t blocks, size_t i, size_t *end)
{
    size_t block = 0;

    while ((*end = (block + 1) * n / blocks) <= i)
        block++;
    return block;
}

static void append(struct series *to, const struct series *s, size_t begin, size_t end)
{
    const size_t n = end - begin;

    memcpy(to->iat + to->n, s->iat + begin, n * sizeof *to->iat);
    memcpy(to->len + to->n, s->len + begin, n * sizeof *to->len);
    memcpy(to->dir + to->n, s->dir + begin, n * sizeof *to->dir);
    to->n += n;
    to->first[++to->n_flows] = to->n;
}

struct series *part_of(const struct series *s, enum part part)
{
    const size_t blocks = part == PART_FIRST || part == PART_SECOND ? 2 : PART_BLOCKS;
    const size_t wanted = part == PART_SECOND || part == PART_ODD;
    struct series *const p = mem_zero(1, sizeof *p);

    p->iat = mem_alloc(s->n, sizeof *p->iat);
    p->len = mem_alloc(s->n, sizeof *p->len);
    p->dir = mem_alloc(s->n, sizeof *p->dir);
    p->first = mem_zero(s->n_flows + blocks + 1, sizeof *p->first);
    p->resolution = s->resolution;
    p->iat_column = mem_string(s->iat_column, strlen(s->iat_column));
    for (size_t f = 0; f < s->n_flows; f++)
        for (size_t i = s->first[f], end; i < s->first[f + 1]; i = end) {
            const size_t block = block_of(s->n, blocks, i, &end);
            end = end < s->first[f + 1] ? end : s->first[f + 1];
            if (block % 2 == wanted)
                append(p, s, i, end);
        }
    return p;
}
