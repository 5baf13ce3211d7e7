/* Neural models of series of symbols, and their file (weir-formats(5)).
 *
 * A network of nn_plan.h, of one step after the other, takes the symbol that came and says how
 * likely each is to come next. Before the first symbol of a sequence it takes a symbol of its own,
 * the beginning. Where its first layer is embed, what goes in is a symbol's number, and that of the
 * beginning is the number of symbols; otherwise the same by the number of symbols. What comes out
 * are logits: their softmax is the probabilities. */
#ifndef WEIR_SEQ_H
#define WEIR_SEQ_H

#include "err.h"
#include "intern.h"
#include "nn_plan.h"
#include "out.h"
#include "rng.h"
#include "tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEQ_MOST_SYMBOLS (NN_MOST_SIDE - 1)

/* How well it knows a part of the series, in nats a symbol: the network, and beside it a Markov
 * chain of order 1 that learnt from the same part. Symbols that did not train are not counted. */
struct seq_score {
    uint64_t symbols;
    double nats, chain;
};

struct seq {
    char *made; /* the tool and its options */
    uint64_t seed;
    char *column;
    uint64_t n_sequences, total; /* sequences and symbols in the table */
    struct tally *lengths;       /* of the sequences */
    size_t n_lengths;
    struct intern *names;
    uint32_t *counts;             /* of each symbol */
    struct seq_score train, held; /* held: the part that only said when to stop */
    struct nn_plan *plan;         /* of one step */
    float *params;
};

/* Sets the plan. False with *e where the layers take one step after the other in no way, or do not
 * end in as many numbers as there are symbols. */
bool seq_plan(struct seq *m, const char *layers, struct err *e);

/* What goes into the network for a symbol; intern_count(m->names) is the beginning. */
float seq_input(const struct seq *m, uint32_t symbol);

/* Reads a model; path NULL or "-": standard input. NULL with *e ("FILE:LINE: …") where it is not
 * whole and sound. Freed with seq_free(). */
struct seq *seq_read(const char *path, struct err *e);
struct seq *seq_read_memory(const void *p, size_t n, const char *name, struct err *e);
void seq_free(struct seq *m); /* NULL is allowed */

void seq_write(const struct seq *m, struct out *o);

/* A walk through a model, a symbol at a time: the states of the network stay, so that a step costs
 * the same however many came before. The model must outlive it. NULL with *e where the network
 * looks too far back. Freed with seq_walk_free(). */
struct seq_walk;
struct seq_walk *seq_walk_new(const struct seq *m, struct err *e);
void seq_walk_free(struct seq_walk *w); /* NULL is allowed */

/* Begins a sequence. */
void seq_walk_start(struct seq_walk *w);

/* Begins anywhere, with this symbol: nothing is known of what came before. */
void seq_walk_start_at(struct seq_walk *w, uint32_t symbol);

/* Moves on by a symbol. */
void seq_walk_take(struct seq_walk *w, uint32_t symbol);

/* -ln of the probability that the symbol comes next. */
double seq_walk_nats(const struct seq_walk *w, uint32_t symbol);

/* Draws the next symbol, by probabilities to the power of 1 / temperature (> 0), and moves on. */
uint32_t seq_walk_next(struct seq_walk *w, double temperature, struct rng *r);

/* False once what came out of the network was not finite. */
bool seq_walk_sound(const struct seq_walk *w);

#endif
