/* Contexts are found one length after the other. The places of all symbols are kept sorted by the
 * context before them and, in a context, by the symbol itself; so what followed a context stands in
 * runs, and to lengthen contexts is to sort stably by the symbol one further back and then by the
 * context that they had: two counting sorts a length. */
#include "chain_learn.h"

#include "chain_parts.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* A symbol of the series and the context before it. */
struct place {
    uint32_t at, context;
};

struct learning {
    const struct symbols *s;
    struct chain *c;
    uint8_t *reach; /* of each place: symbols before it in its sequence, up to the greatest order */
    struct place *places, *others; /* the sorted ones, and room to sort them into */
    size_t n;                      /* places that have a context of the present length */
    uint32_t *count;               /* room for counting by symbols */
};

static uint32_t symbol_at(const struct learning *l, size_t i)
{
    return l->s->symbol[l->places[i].at];
}

/* Begins with the empty context: all places, sorted by symbol. */
static void begin(struct learning *l)
{
    const struct symbols *const s = l->s;
    const size_t n_symbols = intern_count(l->c->names);

    l->reach = mem_alloc(s->n, sizeof *l->reach);
    l->places = mem_alloc(s->n, sizeof *l->places);
    l->others = mem_alloc(s->n, sizeof *l->others);
    l->count = mem_zero(n_symbols + 1, sizeof *l->count);
    l->n = s->n;
    for (size_t f = 0; f < s->n_sequences; f++)
        for (size_t i = s->first[f]; i < s->first[f + 1]; i++) {
            const size_t before = i - s->first[f];
            l->reach[i] = (uint8_t)(before < CHAIN_MAX_ORDER ? before : CHAIN_MAX_ORDER);
        }
    for (size_t i = 0; i < s->n; i++)
        l->count[s->symbol[i] + 1]++;
    for (size_t k = 0; k < n_symbols; k++)
        l->count[k + 1] += l->count[k];
    for (size_t i = 0; i < s->n; i++)
        l->places[l->count[s->symbol[i]]++] = (struct place){(uint32_t)i, 0};
}

/* Appends a context of places [i, end) and what follows it. */
static bool add_context(struct learning *l, size_t i, size_t end, uint32_t shorter, uint32_t older,
                        struct err *e)
{
    struct chain *const c = l->c;
    const uint32_t number = chain_add_context(c, shorter, older);

    while (i < end) {
        const uint32_t symbol = symbol_at(l, i);
        const size_t from = i;
        for (; i < end && symbol_at(l, i) == symbol; i++)
            l->places[i].context = number;
        if (c->n_edges == CHAIN_MAX_TRANSITIONS)
            return err_set(e, "more than %d transitions: a lower --order has fewer",
                           CHAIN_MAX_TRANSITIONS);
        chain_add_edge(c, symbol, (uint32_t)(i - from));
    }
    return true;
}

/* The symbol one further back than contexts of this length. */
static uint32_t older_of(const struct learning *l, const struct place *p, unsigned length)
{
    return l->s->symbol[p->at - length - 1];
}

/* Sorts the places that reach further back by the symbol there: into l->others. */
static void sort_by_older(struct learning *l, unsigned length)
{
    const size_t n_symbols = intern_count(l->c->names);
    size_t reaching = 0;

    memset(l->count, 0, (n_symbols + 1) * sizeof *l->count);
    for (size_t i = 0; i < l->n; i++)
        if (l->reach[l->places[i].at] > length) {
            l->count[older_of(l, &l->places[i], length) + 1]++;
            reaching++;
        }
    for (size_t k = 0; k < n_symbols; k++)
        l->count[k + 1] += l->count[k];
    for (size_t i = 0; i < l->n; i++)
        if (l->reach[l->places[i].at] > length)
            l->others[l->count[older_of(l, &l->places[i], length)]++] = l->places[i];
    l->n = reaching;
}

/* Sorts them by context, of which those from `low` on have the present length: into l->places. */
static void sort_by_context(struct learning *l, size_t low)
{
    const size_t n = l->c->n_contexts - low;
    uint32_t *const next = mem_zero(n + 1, sizeof *next);

    for (size_t i = 0; i < l->n; i++)
        next[l->others[i].context - low + 1]++;
    for (size_t k = 0; k < n; k++)
        next[k + 1] += next[k];
    for (size_t i = 0; i < l->n; i++)
        l->places[next[l->others[i].context - low]++] = l->others[i];
    free(next);
}

/* Adds the contexts that are one symbol longer than those from `low` on. */
static bool lengthen(struct learning *l, size_t low, unsigned length, struct err *e)
{
    sort_by_older(l, length);
    sort_by_context(l, low);
    for (size_t i = 0, end; i < l->n; i = end) {
        const uint32_t shorter = l->places[i].context, older = older_of(l, &l->places[i], length);
        for (end = i + 1; end < l->n && l->places[end].context == shorter &&
                          older_of(l, &l->places[end], length) == older;)
            end++;
        if (!add_context(l, i, end, shorter, older, e))
            return false;
    }
    return true;
}

static bool find_contexts(struct learning *l, struct err *e)
{
    size_t low = 0;

    begin(l);
    if (!add_context(l, 0, l->n, 0, 0, e))
        return false;
    for (unsigned length = 0; length < l->c->order && l->n > 0; length++) {
        const size_t end = l->c->n_contexts;
        if (!lengthen(l, low, length, e))
            return false;
        low = end;
    }
    return true;
}

static void tally_sequences(const struct symbols *s, struct chain *c)
{
    uint32_t *const v = mem_alloc(s->n_sequences, sizeof *v);

    for (size_t f = 0; f < s->n_sequences; f++)
        v[f] = (uint32_t)(s->first[f + 1] - s->first[f]);
    c->lengths = tally_of(v, s->n_sequences, &c->n_lengths);
    for (size_t f = 0; f < s->n_sequences; f++)
        v[f] = s->symbol[s->first[f]];
    c->starts = tally_of(v, s->n_sequences, &c->n_starts);
    free(v);
}

struct chain *chain_learn(struct symbols *s, const struct chain_rule *rule, const char *column,
                          const char *made, struct err *e)
{
    struct chain *const c = chain_new();
    struct learning l = {.s = s, .c = c};
    uint32_t bad;

    intern_free(c->names);
    c->names = s->names;
    s->names = NULL;
    c->made = mem_string(made, strlen(made));
    c->column = mem_string(column, strlen(column));
    c->order = rule->order;
    c->escape = rule->escape;
    c->smoothing = rule->smoothing;
    tally_sequences(s, c);
    const bool ok = find_contexts(&l, e) &&
                    (chain_close(c, &bad) || err_set(e, "context %u can't be reached", bad));
    free(l.reach);
    free(l.places);
    free(l.others);
    free(l.count);
    if (ok)
        return c;
    chain_free(c);
    return NULL;
}
