#include "chain.h"
#include "draws.h"
#include "gmm.h"
#include "mem.h"

#include <stdlib.h>

/* A symbol of the chain: the component that its packets come from. */
struct place {
    const struct gmm_mixture *mixture;
    size_t component;
};

struct model {
    struct gmm *gmm;
    struct chain *chain;
    struct place *places; /* of the chain's symbols */
};

struct walk {
    const struct model *model;
    struct chain_walk *chain;
};

static void *walk_new(const void *model, size_t part)
{
    struct walk *const w = mem_alloc(1, sizeof *w);

    (void)part;
    w->model = model;
    w->chain = chain_walk_new(w->model->chain);
    chain_walk_start(w->chain);
    return w;
}

static struct draw next(void *walk, struct rng *r)
{
    const struct walk *const w = walk;
    const struct place *const at = &w->model->places[chain_walk_next(w->chain, r)];
    const struct point p = gauss2_draw(&at->mixture->components[at->component], r);

    return (struct draw){
        .iat = series_iat_of(p.iat, w->model->gmm->resolution),
        .symbol = (uint32_t)at->component,
        .len = series_len_of(p.len),
        .dir = (uint8_t)at->mixture->dir,
    };
}

static void walk_free(void *walk)
{
    struct walk *const w = walk;

    chain_walk_free(w->chain);
    free(w);
}

static void free_model(void *model)
{
    struct model *const m = model;

    gmm_free(m->gmm);
    chain_free(m->chain);
    free(m->places);
    free(m);
}

static const struct draws_kind kind = {PACKETS_TOKEN, walk_new, next, NULL, walk_free, free_model};

static bool find_place(const struct model *m, const char *symbol, struct place *place)
{
    enum series_dir dir;

    if (!token_parse(span_of(symbol), &dir, &place->component))
        return false;
    place->mixture = gmm_of(m->gmm, dir);
    return place->mixture && place->component < place->mixture->k;
}

static bool find_places(struct model *m, const char *name, const char *chain, struct err *e)
{
    const size_t n = chain_symbols(m->chain);

    m->places = mem_alloc(n, sizeof *m->places);
    for (size_t i = 0; i < n; i++) {
        const char *const symbol = chain_symbol(m->chain, (uint32_t)i);
        if (!find_place(m, symbol, &m->places[i]))
            return err_set(e, "%s: '%.40s' is no token of %s", chain, symbol, name);
    }
    return true;
}

/* The one that all symbols of the chain have, or both. */
static enum series_dir direction(const struct model *m)
{
    const enum series_dir dir = m->places[0].mixture->dir;

    for (size_t i = 1; i < chain_symbols(m->chain); i++)
        if (m->places[i].mixture->dir != dir)
            return SERIES_BOTH;
    return dir;
}

bool draws_chain(struct draws *d, const void *p, size_t n, const char *name, const char *chain,
                 struct err *e)
{
    struct model *const m = mem_zero(1, sizeof *m);

    *d = (struct draws){.kind = &kind, .model = m};
    m->gmm = gmm_read_memory(p, n, name, e);
    if (m->gmm && (m->chain = chain_read(chain, e)) && find_places(m, name, chain, e) &&
        draws_set_clock(d, m->gmm->iat_column, name, e)) {
        draws_add_part(d, direction(m), 0);
        return true;
    }
    free_model(m);
    return false;
}
