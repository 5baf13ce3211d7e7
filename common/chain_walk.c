#include "chain_parts.h"
#include "mem.h"

#include <stdlib.h>

struct chain_walk {
    const struct chain *c;
    uint32_t at;    /* the present context */
    unsigned known; /* symbols since the beginning, up to the order */
    bool first;     /* the next symbol is the first of a sequence */
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
    chain_walk_clear(w);
    w->first = true;
}

void chain_walk_clear(struct chain_walk *w)
{
    w->at = 0;
    w->known = 0;
    w->first = false;
}

uint32_t chain_draw_length(const struct chain *c, struct rng *r)
{
    return tally_draw(c->lengths, c->n_lengths, r);
}

/* Whether smoothing decides in the empty context: all symbols are alike. */
static bool draws_evenly(const struct chain *c, uint64_t n, struct rng *r)
{
    const double even = c->smoothing * (double)chain_symbols(c);

    return even > 0 && rng_unit(r) * (even + (double)n) < even;
}

/* An edge by weight (see chain_close()): one random number says which box, and what of it. */
static const struct chain_edge *draw_box(const struct chain *c, uint32_t context, struct rng *r)
{
    const struct chain_context *const x = &c->contexts[context];
    const struct chain_edge *const edges = &c->edges[x->first];
    const uint32_t d = chain_successors(c, context);

    if (d == 1)
        return edges;
    const uint64_t u = rng_below(r, (uint64_t)x->weight * d);
    const struct chain_edge *const box = &edges[u / x->weight];
    return u % x->weight < box->threshold ? box : &edges[box->alias];
}

/* An edge by count. */
static const struct chain_edge *draw_count(const struct chain *c, uint32_t context, struct rng *r)
{
    const struct chain_edge *edge = &c->edges[c->contexts[context].first];
    uint64_t u = rng_below(r, c->contexts[context].total);

    for (; u >= edge->count; edge++)
        u -= edge->count;
    return edge;
}

/* Whether PPM leaves a context for the shorter one. */
static bool escapes(const struct chain *c, uint32_t context, struct rng *r)
{
    if (c->escape != CHAIN_PPM_C || context == 0)
        return false;
    const uint64_t n = c->contexts[context].total, d = chain_successors(c, context);
    return rng_below(r, n + d) >= n;
}

/* Whether an edge of so many, once drawn, is what Kneser and Ney give to the shorter context: the
 * D of each sum up to D d / n. */
static bool is_discounted(const struct chain *c, uint32_t context, uint32_t count, struct rng *r)
{
    return c->escape == CHAIN_KNESER_NEY && context > 0 &&
           rng_unit(r) * count < c->discounts[c->contexts[context].length];
}

/* Whether Kneser and Ney's weights do not hold, since the context is short only because its
 * sequence is young. */
static bool is_young(const struct chain_walk *w)
{
    return w->c->escape == CHAIN_KNESER_NEY && w->known < w->c->order &&
           w->c->contexts[w->at].length == w->known;
}

/* Draws in the present context, or where it escapes to: *context. */
static const struct chain_edge *draw_edge(const struct chain_walk *w, uint32_t *context,
                                          struct rng *r)
{
    const struct chain *const c = w->c;
    bool by_count = is_young(w);

    for (*context = w->at;; *context = c->contexts[*context].shorter, by_count = false) {
        const struct chain_context *const x = &c->contexts[*context];
        if (*context == 0 && draws_evenly(c, by_count ? x->total : x->weight, r))
            return &c->edges[rng_below(r, chain_symbols(c))];
        if (escapes(c, *context, r))
            continue;
        const struct chain_edge *const edge =
            by_count ? draw_count(c, *context, r) : draw_box(c, *context, r);
        if (!is_discounted(c, *context, by_count ? edge->count : edge->weight, r))
            return edge;
    }
}

/* One more symbol of the sequence is known. */
static void know_more(struct chain_walk *w)
{
    w->first = false;
    w->known += w->known < w->c->order;
}

uint32_t chain_walk_next(struct chain_walk *w, struct rng *r)
{
    const struct chain *const c = w->c;
    uint32_t context;

    if (w->first) {
        const uint32_t symbol = tally_draw(c->starts, c->n_starts, r);
        chain_walk_take(w, symbol);
        return symbol;
    }
    const struct chain_edge *const edge = draw_edge(w, &context, r);
    const uint32_t symbol = edge->symbol;
    if (context != w->at) {
        chain_walk_take(w, symbol); /* a longer context may have seen it as well */
        return symbol;
    }
    know_more(w);
    w->at = edge->next;
    return symbol;
}

void chain_walk_take(struct chain_walk *w, uint32_t symbol)
{
    const struct chain *const c = w->c;

    know_more(w);
    for (uint32_t x = w->at;; x = c->contexts[x].shorter) {
        const struct chain_edge *const edge = chain_edge_of(c, x, symbol);
        w->at = edge ? edge->next : 0;
        if (edge || x == 0)
            return;
    }
}

static double probability(const struct chain *c, uint32_t context, uint32_t symbol, bool by_count)
{
    const struct chain_context *const x = &c->contexts[context];
    const struct chain_edge *const edge = chain_edge_of(c, context, symbol);
    const double count = !edge ? 0 : by_count ? edge->count : edge->weight;
    const double n = by_count ? x->total : x->weight;

    if (context == 0)
        return (count + c->smoothing) / (n + c->smoothing * ((double)chain_symbols(c) + 1));
    if (c->escape == CHAIN_NO_ESCAPE)
        return count / n;
    const double d = chain_successors(c, context), discount = c->discounts[x->length];
    const double shorter = probability(c, x->shorter, symbol, false);
    if (c->escape == CHAIN_KNESER_NEY)
        return ((edge ? count - discount : 0) + discount * d * shorter) / n;
    return (count + d * shorter) / (n + d);
}

double chain_walk_probability(const struct chain_walk *w, uint32_t symbol)
{
    return probability(w->c, w->at, symbol, is_young(w));
}

unsigned chain_walk_depth(const struct chain_walk *w)
{
    return w->c->contexts[w->at].length;
}
