/* What those who make chains (chain_read.c, markov-gen's learning) share with those who walk them.
 */
#ifndef WEIR_CHAIN_PARTS_H
#define WEIR_CHAIN_PARTS_H

#include "chain.h"
#include "intern.h"
#include "tally.h"

/* A symbol that followed a context. Those of a context are ascending by symbol; in the shorter
 * context they have followed too, and at least as often. */
struct chain_edge {
    uint32_t symbol, count;
    uint32_t weight;           /* what it is drawn by: count, or Kneser and Ney's */
    uint32_t next;             /* the longest context that a walk then is in */
    uint32_t threshold, alias; /* of Walker's method, see chain_close(); alias counts from first */
};

/* A context. Number 0 is the empty one; those of a length come after all shorter ones and are
 * ascending by (shorter, older), so what a context can be lengthened to stands together. After the
 * last one stands one more whose `first` ends its edges. */
struct chain_context {
    uint32_t first;        /* edge */
    uint32_t total;        /* sum of counts */
    uint32_t weight;       /* sum of weights */
    uint32_t shorter;      /* the context without its oldest symbol; 0 in the empty one */
    uint32_t older;        /* that symbol */
    uint32_t kids, n_kids; /* contexts that are one symbol longer at the old end */
    uint32_t length;       /* symbols */
};

struct chain {
    char *made, *column;
    unsigned order;
    enum chain_escape escape;
    double smoothing;
    struct intern *names;
    struct tally *lengths, *starts; /* ascending; the last upto is the number of sequences */
    size_t n_lengths, n_starts;
    struct chain_context *contexts;
    size_t n_contexts, cap_contexts;
    struct chain_edge *edges;
    size_t n_edges, cap_edges;
    double discounts[CHAIN_MAX_ORDER + 1]; /* Kneser and Ney's D, by the length of contexts */
};

/* Without a context; the caller sets made and column. */
struct chain *chain_new(void);

/* Appends a context without edges, which belongs in its place. Returns its number. */
uint32_t chain_add_context(struct chain *c, uint32_t shorter, uint32_t older);

/* Appends an edge to the last context. */
void chain_add_edge(struct chain *c, uint32_t symbol, uint32_t count);

static inline uint32_t chain_successors(const struct chain *c, uint32_t context)
{
    return c->contexts[context + 1].first - c->contexts[context].first;
}

/* The edge of a symbol in a context, or NULL. */
const struct chain_edge *chain_edge_of(const struct chain *c, uint32_t context, uint32_t symbol);

/* The context lengthened at the old end, or 0. */
uint32_t chain_longer(const struct chain *c, uint32_t context, uint32_t older);

/* When all contexts are there: makes walks ready. False when the counts of a context, whose number
 * is in *bad, do not fit those of shorter ones. */
bool chain_close(struct chain *c, uint32_t *bad);

#endif
