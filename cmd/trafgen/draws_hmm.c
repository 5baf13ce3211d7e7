#include "draws.h"
#include "hmm.h"

static void *walk_new(const void *model, size_t part)
{
    const struct hmm *const m = model;

    return hmm_walk_new(m, &m->chains[part]);
}

static struct draw next(void *walk, struct rng *r)
{
    const struct drawn d = hmm_walk_next(walk, r);

    return (struct draw){d.iat, (uint32_t)d.state, d.len, (uint8_t)d.dir};
}

static void couple(void *a, void *b)
{
    hmm_walk_couple(a, b);
}

static void walk_free(void *walk)
{
    hmm_walk_free(walk);
}

static void free_model(void *model)
{
    hmm_free(model);
}

static const struct draws_kind kind = {PACKETS_STATE, walk_new,  next,
                                       couple,        walk_free, free_model};

bool draws_hmm(struct draws *d, const void *p, size_t n, const char *name, struct err *e)
{
    struct hmm *const m = hmm_read_memory(p, n, name, e);

    if (!m)
        return false;
    *d = (struct draws){.kind = &kind, .model = m};
    for (size_t i = 0; i < m->n_chains; i++)
        draws_add_part(d, m->chains[i].dir, m->chains[i].packets);
    if (draws_set_clock(d, m->iat_column, name, e))
        return true;
    hmm_free(m);
    return false;
}
