#include "chain_parts.h"
#include "mem.h"

#include <stdlib.h>

struct chain_walk {
    const struct chain *c;
    uint32_t at; /* the present context */
    bool first;  /* of a sequence */
};

struct chain_walk *chain_walk_new(const struct chain *c)
{
    struct chain_walk *const w = mem_alloc(1, sizeof *w);

    *w = (struct chain_walk){.c = c};
    return w;
}

void chain_walk_free(struct chain_walk *w)
{
    free(w);
}

void chain_walk_start(struct chain_walk *w)
{
    w->at = 0;
    w->first = true;
}

void chain_walk_clear(struct chain_walk *w)
{
    w->at = 0;
    w->first = false;
}

/* One of the values, by how often it was seen. */
static uint32_t draw_tally(const struct chain_tally *t, size_t n, struct rng *r)
{
    const uint64_t u = rng_below(r, t[n - 1].upto);
    size_t low = 0, high = n - 1;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (u < t[middle].upto)
            high = middle;
        else
            low = middle + 1;
    }
    return t[low].value;
}

uint32_t chain_draw_length(const struct chain *c, struct rng *r)
{
    return draw_tally(c->lengths, c->n_lengths, r);
}

/* How much of n + escapes is left for the shorter context. */
static uint32_t escapes(const struct chain *c, uint32_t context)
{
    return context == 0 || c->escape == CHAIN_ESCAPE_NONE ? 0 : chain_successors(c, context);
}

/* Whether smoothing decides in the empty context: all symbols are alike. */
static bool draws_evenly(const struct chain *c, struct rng *r)
{
    const double even = c->smoothing * (double)chain_symbols(c);

    return even > 0 && rng_unit(r) * (even + (double)chain_total(c)) < even;
}

/* Draws in the present context, or where it escapes to: *context. One random number a context: it
 * says whether to escape, else which box and what of it (see chain_close()). */
static const struct chain_edge *draw_edge(const struct chain *c, uint32_t *context, struct rng *r)
{
    for (;; *context = c->contexts[*context].shorter) {
        const struct chain_context *const x = &c->contexts[*context];
        const uint64_t d = chain_successors(c, *context), n = x->total;
        if (*context == 0 && draws_evenly(c, r))
            return &c->edges[rng_below(r, d)];
        const uint64_t u = rng_below(r, (n + escapes(c, *context)) * d);
        if (u >= n * d)
            continue;
        const struct chain_edge *const edges = &c->edges[x->first];
        const uint64_t box = u / n;
        return u % n < edges[box].threshold ? &edges[box] : &edges[edges[box].alias];
    }
}

uint32_t chain_walk_next(struct chain_walk *w, struct rng *r)
{
    const struct chain *const c = w->c;

    if (w->first) {
        const uint32_t symbol = draw_tally(c->starts, c->n_starts, r);
        chain_walk_take(w, symbol);
        return symbol;
    }
    uint32_t context = w->at;
    const struct chain_edge *const edge = draw_edge(c, &context, r);
    const uint32_t symbol = edge->symbol;
    if (context == w->at)
        w->at = edge->next;
    else
        chain_walk_take(w, symbol); /* a longer context may have seen it as well */
    return symbol;
}

void chain_walk_take(struct chain_walk *w, uint32_t symbol)
{
    const struct chain *const c = w->c;

    w->first = false;
    for (uint32_t x = w->at;; x = c->contexts[x].shorter) {
        const struct chain_edge *const edge = chain_edge_of(c, x, symbol);
        w->at = edge ? edge->next : 0;
        if (edge || x == 0)
            return;
    }
}

static double probability(const struct chain *c, uint32_t context, uint32_t symbol)
{
    const struct chain_edge *const edge = chain_edge_of(c, context, symbol);
    const double count = edge ? edge->count : 0, n = c->contexts[context].total;
    const double d = escapes(c, context);

    if (context == 0)
        return (count + c->smoothing) / (n + c->smoothing * ((double)chain_symbols(c) + 1));
    const double shorter = d > 0 ? probability(c, c->contexts[context].shorter, symbol) : 0;
    return (count + d * shorter) / (n + d);
}

double chain_walk_probability(const struct chain_walk *w, uint32_t symbol)
{
    return probability(w->c, w->at, symbol);
}

unsigned chain_walk_depth(const struct chain_walk *w)
{
    unsigned depth = 0;

    for (uint32_t x = w->at; x > 0; x = w->c->contexts[x].shorter)
        depth++;
    return depth;
}
