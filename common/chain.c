#include "chain_parts.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

const char *const chain_escape_names[] = {"kneser-ney", "ppm-c", "none", NULL};

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
    c->contexts[number] = (struct chain_context){
        .first = (uint32_t)c->n_edges,
        .shorter = shorter,
        .older = older,
        .length = number > 0 ? c->contexts[shorter].length + 1 : 0,
    };
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
