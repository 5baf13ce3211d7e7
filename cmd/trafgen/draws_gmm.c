#include "draws.h"
#include "gmm.h"
#include "mem.h"

#include <stdlib.h>

/* Packets of a mixture have no memory: a walk just knows where to draw. */
struct walk {
    const struct gmm_mixture *mixture;
    uint64_t resolution;
};

static void *walk_new(const void *model, size_t part)
{
    const struct gmm *const m = model;
    struct walk *const w = mem_alloc(1, sizeof *w);

    *w = (struct walk){&m->mixtures[part], m->resolution};
    return w;
}

static struct draw next(void *walk, struct rng *r)
{
    const struct walk *const w = walk;
    const size_t i = gmm_draw_component(w->mixture, r);
    const struct point p = gauss2_draw(&w->mixture->components[i], r);

    return (struct draw){
        .iat = series_iat_of(p.iat, w->resolution),
        .symbol = (uint32_t)i,
        .len = series_len_of(p.len),
        .dir = (uint8_t)w->mixture->dir,
    };
}

static void free_model(void *model)
{
    gmm_free(model);
}

static const struct draws_kind kind = {PACKETS_TOKEN, walk_new, next, NULL, free, free_model};

bool draws_gmm(struct draws *d, const void *p, size_t n, const char *name, struct err *e)
{
    struct gmm *const m = gmm_read_memory(p, n, name, e);

    if (!m)
        return false;
    *d = (struct draws){.kind = &kind, .model = m};
    for (size_t i = 0; i < m->n_mixtures; i++)
        draws_add_part(d, m->mixtures[i].dir, m->mixtures[i].packets);
    if (draws_set_clock(d, m->iat_column, name, e))
        return true;
    gmm_free(m);
    return false;
}
