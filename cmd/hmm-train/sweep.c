#include "sweep.h"

#include "mem.h"
#include "params.h"
#include "progress.h"
#include "textbuf.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* The outcome of one start. */
struct outcome {
    bool failed;
    struct err e;
    struct hmm_chain chain;
    double parameters;
};

struct run {
    const struct options *options;
    const struct material *material;
    struct candidate *all;
    size_t n, restarts;
    struct outcome *outcomes; /* restarts a candidate */
    const size_t *order;      /* of candidates: the longest work first */
    struct progress *progress;
    atomic_size_t done;
};

static const struct material *material_of(const struct run *r, const struct candidate *c)
{
    const struct material *m = r->material;

    while (m->dir != c->dir)
        m++;
    return m;
}

static void fit_one(const struct run *r, const struct candidate *c, size_t restart,
                    struct outcome *out)
{
    const struct options *const o = r->options;
    const struct hmm_chain *const given = material_of(r, c)->start;
    const uint64_t stream = (uint64_t)c->dir << 48 | (uint64_t)c->states << 32 | restart;
    struct rng rng = rng_new(o->shared->seed, stream);
    struct hmm_chain start = {0};
    struct fit fit;

    if (!given)
        start = start_chain(&o->kind, c->o, c->states, (o->clusters + restart) % START_KINDS, &rng);
    struct params *const p = params_new(&o->kind, c->o, given ? given : &start);
    hmm_chain_clear(&start);
    if (given && o->fit.max_iterations > 0)
        emission_open_up(p->emission);
    out->failed = !fit_run(c->o, p, &o->fit, &fit, &out->e);
    out->chain = (struct hmm_chain){
        .dir = c->dir,
        .packets = c->o->n,
        .exit = p->k < c->states ? EM_DEGENERATE : fit.exit,
        .iterations = fit.iterations,
        .log_likelihood = fit.log_likelihood / (double)c->o->n,
    };
    out->parameters = params_count(p);
    params_get(p, &out->chain);
    params_free(p);
}

static void work(void *context, size_t part, unsigned thread)
{
    struct run *const r = context;
    const size_t i = r->order[part / r->restarts], restart = part % r->restarts;

    fit_one(r, &r->all[i], restart, &r->outcomes[i * r->restarts + restart]);
    const size_t done = atomic_fetch_add(&r->done, 1) + 1;
    if (thread == 0)
        progress_at(r->progress, done);
}

/* Takes the best outcome of a candidate and drops the others. */
static bool take_best(const struct run *r, size_t i, struct err *e)
{
    struct candidate *const c = &r->all[i];
    struct outcome *const outcomes = r->outcomes + i * r->restarts;
    size_t best = 0;

    for (size_t k = 0; k < r->restarts; k++) {
        if (outcomes[k].failed)
            return err_set(e, "%s, %zu states: %s", series_dir_name(c->dir), c->states,
                           outcomes[k].e.text);
        if (outcomes[k].chain.log_likelihood > outcomes[best].chain.log_likelihood)
            best = k;
    }
    const double n = (double)c->o->n, log_likelihood = outcomes[best].chain.log_likelihood * n;
    c->chain = outcomes[best].chain;
    c->bic = outcomes[best].parameters * log(n) - 2 * log_likelihood;
    c->aic = outcomes[best].parameters * 2 - 2 * log_likelihood;
    outcomes[best].chain = (struct hmm_chain){0};
    return true;
}

static double criterion_of(const struct candidate *c, enum criterion criterion)
{
    return criterion == CRITERION_BIC ? c->bic : c->aic;
}

/* The least of each direction; of equals the one with fewer states. */
static void choose(struct sweep *s, enum criterion criterion)
{
    size_t best = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (s->all[i].dir != s->all[best].dir ||
            criterion_of(&s->all[i], criterion) < criterion_of(&s->all[best], criterion))
            best = i;
        if (i + 1 == s->n || s->all[i + 1].dir != s->all[i].dir)
            s->all[best].chosen = true;
    }
}

static void list_candidates(struct sweep *s, const struct options *options,
                            const struct material *m, size_t n)
{
    s->all = mem_zero(n * options->states.n, sizeof *s->all);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < (m[i].start ? 1 : options->states.n); k++)
            s->all[s->n++] = (struct candidate){
                .o = m[i].o,
                .dir = m[i].dir,
                .states = m[i].start ? m[i].start->k : options->states.values[k],
            };
}

/* The candidates by packets * states^2, descending: what takes longest begins first. */
static size_t *order_of(const struct sweep *s)
{
    size_t *const order = mem_alloc(s->n, sizeof *order);

    for (size_t i = 0; i < s->n; i++) {
        const struct candidate *const c = &s->all[i];
        size_t at = i;
        for (; at > 0; at--) {
            const struct candidate *const other = &s->all[order[at - 1]];
            if ((double)other->o->n * (double)other->states * (double)other->states >=
                (double)c->o->n * (double)c->states * (double)c->states)
                break;
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
    return order;
}

bool sweep_run(struct sweep *s, const struct options *options, const struct material *m, size_t n,
               struct pool *pool, struct err *e)
{
    bool ok = true;

    *s = (struct sweep){0};
    list_candidates(s, options, m, n);
    size_t *const order = order_of(s);
    struct run r = {.options = options,
                    .material = m,
                    .all = s->all,
                    .n = s->n,
                    .restarts = m->start ? 1 : options->restarts,
                    .order = order};
    const size_t parts = s->n * r.restarts;
    r.outcomes = mem_zero(parts, sizeof *r.outcomes);
    r.progress = progress_new(options->shared->progress, "fits", parts);
    pool_run(pool, parts, work, &r);
    progress_end(r.progress);
    for (size_t i = 0; ok && i < s->n; i++)
        ok = take_best(&r, i, e);
    for (size_t i = 0; i < parts; i++)
        hmm_chain_clear(&r.outcomes[i].chain);
    free(r.outcomes);
    free(order);
    if (ok)
        choose(s, options->criterion);
    return ok;
}

void sweep_free(struct sweep *s)
{
    for (size_t i = 0; i < s->n; i++)
        hmm_chain_clear(&s->all[i].chain);
    free(s->all);
}

char *sweep_table(const struct sweep *s)
{
    struct textbuf t = {0};

    textbuf_put(&t,
                "direction\tstates\tfitted\tpackets\tlog_likelihood\tbic\taic\texit\titerations\t"
                "chosen\n");
    for (size_t i = 0; i < s->n; i++) {
        const struct candidate *const c = &s->all[i];
        textbuf_printf(&t, "%s\t%zu\t%zu\t%llu\t%.6f\t%.3f\t%.3f\t%s\t%llu\t%d\n",
                       series_dir_name(c->dir), c->states, c->chain.k,
                       (unsigned long long)c->chain.packets, c->chain.log_likelihood, c->bic,
                       c->aic, em_exit_name(c->chain.exit), (unsigned long long)c->chain.iterations,
                       c->chosen);
    }
    return t.p;
}
