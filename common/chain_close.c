/* What walks need to know of a chain besides its counts: where edges lead, what they are drawn by,
 * and how to draw in constant time. */
#include "chain_parts.h"
#include "mem.h"

#include <stdlib.h>

#define UNSET UINT32_MAX

/* The edge that leads to each context: that of its newest symbol in the context of the others. */
static bool link_contexts(struct chain *c, uint32_t *bad)
{
    uint32_t *const others = mem_zero(c->n_contexts, sizeof *others);
    uint32_t *const newest = mem_zero(c->n_contexts, sizeof *newest);
    bool ok = true;

    for (uint32_t x = 1; ok && x < c->n_contexts; x++) {
        const struct chain_context *const context = &c->contexts[x];
        const bool one = context->shorter == 0; /* symbol */
        newest[x] = one ? context->older : newest[context->shorter];
        others[x] = one ? 0 : chain_longer(c, others[context->shorter], context->older);
        const struct chain_edge *const edge =
            !one && others[x] == 0 ? NULL : chain_edge_of(c, others[x], newest[x]);
        *bad = x;
        ok = edge && edge->count >= context->total;
        if (ok)
            c->edges[edge - c->edges].next = x;
    }
    free(others);
    free(newest);
    return ok;
}

/* Edges that lead to no context of their own lead where that of the shorter context does. */
static void link_rest(struct chain *c)
{
    for (uint32_t x = 0; x < c->n_contexts; x++)
        for (size_t i = c->contexts[x].first; i < c->contexts[x + 1].first; i++) {
            struct chain_edge *const edge = &c->edges[i];
            if (edge->next != UNSET)
                continue;
            edge->next = x == 0 ? 0 : chain_edge_of(c, c->contexts[x].shorter, edge->symbol)->next;
        }
}

/* That what came after contexts of one more symbol came after the context. As weights: how many of
 * those there are, and one for what they leave over, which came at the beginning of a sequence. */
static bool count_longer(struct chain *c, uint32_t *bad)
{
    uint32_t *const covered = mem_zero(c->n_edges, sizeof *covered);
    bool ok = true;

    for (uint32_t x = 1; ok && x < c->n_contexts; x++)
        for (size_t i = c->contexts[x].first; ok && i < c->contexts[x + 1].first; i++) {
            const struct chain_edge *const edge = &c->edges[i];
            const size_t shorter =
                (size_t)(chain_edge_of(c, c->contexts[x].shorter, edge->symbol) - c->edges);
            *bad = x;
            ok = edge->count <= c->edges[shorter].count - covered[shorter];
            covered[shorter] += edge->count;
            c->edges[shorter].weight++;
        }
    for (size_t i = 0; i < c->n_edges; i++)
        c->edges[i].weight += covered[i] < c->edges[i].count;
    free(covered);
    return ok;
}

/* The weights of Kneser and Ney are those of count_longer(), but the counts where a context is as
 * long as the order. Other escapes draw by counts everywhere. */
static void set_weights(struct chain *c)
{
    for (uint32_t x = 0; x < c->n_contexts; x++) {
        struct chain_context *const context = &c->contexts[x];
        const bool by_counts = c->escape != CHAIN_KNESER_NEY || context->length == c->order;
        for (size_t i = context->first; i < c->contexts[x + 1].first; i++) {
            if (by_counts)
                c->edges[i].weight = c->edges[i].count;
            context->weight += c->edges[i].weight;
        }
    }
}

static void set_discounts(struct chain *c)
{
    static const double least = 0.05, most = 0.95;
    uint64_t ones[CHAIN_MAX_ORDER + 1] = {0}, twos[CHAIN_MAX_ORDER + 1] = {0};

    for (uint32_t x = 0; x < c->n_contexts; x++)
        for (size_t i = c->contexts[x].first; i < c->contexts[x + 1].first; i++) {
            ones[c->contexts[x].length] += c->edges[i].weight == 1;
            twos[c->contexts[x].length] += c->edges[i].weight == 2;
        }
    for (unsigned length = 0; length <= c->order; length++) {
        const double d =
            ones[length] ? (double)ones[length] / (double)(ones[length] + 2 * twos[length]) : 0;
        c->discounts[length] = d < least ? least : d > most ? most : d;
    }
}

/* Walker's method by Vose's way, in whole numbers: d boxes of the size `total`, in which each of d
 * edges has d times its weight; a box holds what is its own up to its threshold, and of one other.
 */
static void fill_boxes(struct chain_edge *edges, uint32_t d, uint64_t total, uint64_t *room,
                       uint32_t *order)
{
    uint32_t small = 0, large = d; /* order: small ones from the front, large ones from the back */

    for (uint32_t i = 0; i < d; i++) {
        room[i] = (uint64_t)edges[i].weight * d;
        order[room[i] < total ? small++ : --large] = i;
    }
    while (small > 0 && large < d) {
        const uint32_t s = order[--small], l = order[large];
        edges[s].threshold = (uint32_t)room[s];
        edges[s].alias = l;
        room[l] -= total - room[s];
        if (room[l] < total) {
            large++;
            order[small++] = l;
        }
    }
    for (; large < d; large++)
        edges[order[large]].threshold = (uint32_t)total;
}

static void prepare_draws(struct chain *c)
{
    uint64_t *room = NULL;
    uint32_t *order = NULL;
    size_t cap_room = 0, cap_order = 0;

    for (uint32_t x = 0; x < c->n_contexts; x++) {
        const struct chain_context *const context = &c->contexts[x];
        const uint32_t d = chain_successors(c, x);
        room = mem_grow(room, &cap_room, d, sizeof *room);
        order = mem_grow(order, &cap_order, d, sizeof *order);
        fill_boxes(&c->edges[context->first], d, context->weight, room, order);
    }
    free(room);
    free(order);
}

bool chain_close(struct chain *c, uint32_t *bad)
{
    for (size_t i = 0; i < c->n_edges; i++)
        c->edges[i].next = UNSET;
    if (!link_contexts(c, bad) || !count_longer(c, bad))
        return false;
    link_rest(c);
    set_weights(c);
    set_discounts(c);
    prepare_draws(c);
    return true;
}
