#include "chain_parts.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

#define UNSET UINT32_MAX

const char *chain_escape_name(enum chain_escape e)
{
    return e == CHAIN_ESCAPE_C ? "ppm-c" : "none";
}

struct chain *chain_new(void)
{
    struct chain *const c = mem_zero(1, sizeof *c);

    c->names = intern_new();
    c->contexts = mem_grow(NULL, &c->cap_contexts, 1, sizeof *c->contexts);
    c->contexts[0] = (struct chain_context){0};
    return c;
}

void chain_free(struct chain *c)
{
    if (!c)
        return;
    free(c->made);
    free(c->column);
    intern_free(c->names);
    free(c->lengths);
    free(c->starts);
    free(c->contexts);
    free(c->edges);
    free(c);
}

size_t chain_symbols(const struct chain *c)
{
    return intern_count(c->names);
}

const char *chain_symbol(const struct chain *c, uint32_t symbol)
{
    return intern_text(c->names, symbol);
}

uint32_t chain_find(const struct chain *c, struct span name)
{
    return intern_find(c->names, name);
}

const char *chain_column(const struct chain *c)
{
    return c->column;
}

size_t chain_contexts(const struct chain *c)
{
    return c->n_contexts;
}

uint64_t chain_total(const struct chain *c)
{
    return c->contexts[0].total;
}

uint64_t chain_sequences(const struct chain *c)
{
    return c->lengths[c->n_lengths - 1].upto;
}

uint32_t chain_add_context(struct chain *c, uint32_t shorter, uint32_t older)
{
    const uint32_t number = (uint32_t)c->n_contexts++;

    c->contexts = mem_grow(c->contexts, &c->cap_contexts, c->n_contexts + 1, sizeof *c->contexts);
    c->contexts[number] =
        (struct chain_context){.first = (uint32_t)c->n_edges, .shorter = shorter, .older = older};
    c->contexts[number + 1] = (struct chain_context){.first = (uint32_t)c->n_edges};
    if (number > 0) {
        struct chain_context *const parent = &c->contexts[shorter];
        if (parent->n_kids++ == 0)
            parent->kids = number;
    }
    return number;
}

void chain_add_edge(struct chain *c, uint32_t symbol, uint32_t count)
{
    c->edges = mem_grow(c->edges, &c->cap_edges, c->n_edges + 1, sizeof *c->edges);
    c->edges[c->n_edges++] = (struct chain_edge){.symbol = symbol, .count = count};
    c->contexts[c->n_contexts - 1].total += count;
    c->contexts[c->n_contexts].first = (uint32_t)c->n_edges;
}

const struct chain_edge *chain_edge_of(const struct chain *c, uint32_t context, uint32_t symbol)
{
    size_t low = c->contexts[context].first, high = c->contexts[context + 1].first;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->edges[middle].symbol < symbol)
            low = middle + 1;
        else
            high = middle;
    }
    const bool found = low < c->contexts[context + 1].first && c->edges[low].symbol == symbol;
    return found ? &c->edges[low] : NULL;
}

uint32_t chain_longer(const struct chain *c, uint32_t context, uint32_t older)
{
    const size_t end = (size_t)c->contexts[context].kids + c->contexts[context].n_kids;
    size_t low = c->contexts[context].kids, high = end;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->contexts[middle].older < older)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && c->contexts[low].older == older ? (uint32_t)low : 0;
}

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

/* Walker's method by Vose's way, in whole numbers: d boxes of the size `total`, in which each of d
 * edges has d times its count; a box holds what is its own up to its threshold, and of one other.
 */
static void fill_boxes(struct chain_edge *edges, uint32_t d, uint64_t total, uint64_t *room,
                       uint32_t *order)
{
    uint32_t small = 0, large = d; /* order: small ones from the front, large ones from the back */

    for (uint32_t i = 0; i < d; i++) {
        room[i] = (uint64_t)edges[i].count * d;
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
        fill_boxes(&c->edges[context->first], d, context->total, room, order);
    }
    free(room);
    free(order);
}

bool chain_close(struct chain *c, uint32_t *bad)
{
    for (size_t i = 0; i < c->n_edges; i++)
        c->edges[i].next = UNSET;
    if (!link_contexts(c, bad))
        return false;
    link_rest(c);
    prepare_draws(c);
    return true;
}
