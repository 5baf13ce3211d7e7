/* What a model of traffic says comes next: direction, length and time since the packet before,
 * drawn by chance. One way to ask all kinds of models. */
#ifndef TRAFGEN_DRAWS_H
#define TRAFGEN_DRAWS_H

#include "err.h"
#include "packets.h"
#include "rng.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct draw {
    uint64_t iat;    /* ns */
    uint32_t symbol; /* as packets_symbol() says, 0-based */
    uint16_t len;
    uint8_t dir; /* SERIES_FORWARD, SERIES_BACKWARD */
};

/* A kind of models. A walk is one flow's way through one part of the model. */
struct draws_kind {
    enum packets_symbol symbol;
    void *(*walk_new)(const void *model, size_t part);
    struct draw (*next)(void *walk, struct rng *r);
    void (*couple)(void *a,
                   void *b); /* the walks of a flow through two parts; NULL: none is needed */
    void (*walk_free)(void *walk);
    void (*free)(void *model);
};

/* A model in use. It has one part, of a direction or of both, or one for each direction. */
struct draws {
    const struct draws_kind *kind;
    void *model;
    size_t n_parts;
    enum series_dir dirs[2]; /* of the parts */
    uint64_t packets[2];     /* that they were learnt from */
    bool one_clock; /* times are since the flow's previous packet; else since that of its direction
                     */
};

/* The models that there are: from memory, whose name is for messages. False with *e. Freed with
 * draws_free(). */
bool draws_hmm(struct draws *d, const void *p, size_t n, const char *name, struct err *e);
bool draws_gmm(struct draws *d, const void *p, size_t n, const char *name, struct err *e);

/* A mixture whose tokens come in the order of a chain, read from the file `chain`. */
bool draws_chain(struct draws *d, const void *p, size_t n, const char *name, const char *chain,
                 struct err *e);
void draws_free(struct draws *d);

/* For the kinds. Adds a part that was learnt from so many packets. */
void draws_add_part(struct draws *d, enum series_dir dir, uint64_t packets);

/* Sets d->one_clock by the column that a model learnt. False with *e when it is none of those. */
bool draws_set_clock(struct draws *d, const char *iat_column, const char *name, struct err *e);

#endif
