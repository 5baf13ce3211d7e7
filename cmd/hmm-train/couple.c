/* Forward-backward over pairs as smooth.h has it over states: with predicted[t] and alpha[t] the
 * probabilities of pairs before and after packet t, and to the transitions of its direction beside
 * each state of the other one,
 *
 *     gamma[t] = alpha[t] * (to . ratio[t + 1]),  ratio[t] = gamma[t] / predicted[t]
 *
 * slice by slice; at the end of a flow nothing moves any more, and gamma is alpha. */
#include "couple.h"

#include "kernels.h"
#include "mem.h"
#include "pairs.h"
#include "progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What rounding may take from the posterior, as a part of it. */
static const double rounding = 1e-9;

/* Own probabilities below this make no difference to the prior, and rounding may lose them. */
static const double tiny = 1e-100;

/* A row that differs from the chain's own by no more than this says nothing of its own. */
static const double nothing = 1e-9;

struct em {
    struct pairs *p;
    double weight;
    size_t block;
    double *before;    /* alpha of the last packet of each block but the last */
    double *predicted; /* of a block, p->grid a packet; so is alpha */
    double *alpha;
    double *gamma, *ratio, *turned; /* a layout each */
    double *sums[2]; /* by direction, as the side's to: expected transitions over to */
};

static struct em *em_new(struct pairs *p, double weight)
{
    struct em *const em = mem_zero(1, sizeof *em);

    em->p = p;
    em->weight = weight;
    em->block = block_length(p->n, p->grid);
    em->before = mem_zero((p->n - 1) / em->block + 1, p->grid * sizeof(double));
    em->predicted = mem_zero(em->block, p->grid * sizeof(double));
    em->alpha = mem_zero(em->block, p->grid * sizeof(double));
    em->gamma = mem_zero(p->grid, sizeof(double));
    em->ratio = mem_zero(p->grid, sizeof(double));
    em->turned = mem_zero(p->grid, sizeof(double));
    for (uint8_t dir = 0; dir < 2; dir++)
        em->sums[dir] = mem_zero(pairs_rows(p, dir), sizeof(double));
    return em;
}

static void em_free(struct em *em)
{
    free(em->before);
    free(em->predicted);
    free(em->alpha);
    free(em->gamma);
    free(em->ratio);
    free(em->turned);
    free(em->sums[0]);
    free(em->sums[1]);
    free(em);
}

/* The packets [begin, end) of a block; returns their log-likelihood. */
static double run_block(struct em *em, size_t begin, size_t end)
{
    const size_t grid = em->p->grid;
    const double *last = em->before + (begin / em->block - (begin > 0)) * grid;
    double sum = 0;

    for (size_t t = begin; t < end; t++) {
        const size_t at = (t - begin) * grid;
        struct grid to = {em->predicted + at, em->alpha + at};
        const struct density d = pairs_forward(em->p, t, last, &to);
        sum += log(d.factor) + d.log;
        last = to.alpha;
    }
    return sum;
}

/* gamma of packet t from ratio of the one after it, which is in the layout of its own direction;
 * then the ratio of t. */
static void step_back(struct em *em, size_t t, const struct grid *g)
{
    const struct pairs *const p = em->p;
    const uint8_t dir = p->dir[t];
    const size_t k = p->sides[dir].p->k, kp = p->sides[dir].p->kp, n = pairs_layout(p, dir);

    if (t + 1 == p->n || p->begins[t + 1]) {
        memcpy(em->gamma, g->alpha, n * sizeof *em->gamma);
    } else {
        const double *ratio = em->ratio;
        if (p->dir[t + 1] != dir) {
            pairs_turn(p, !dir, 0, em->ratio, em->turned);
            ratio = em->turned;
        }
        memset(em->gamma, 0, n * sizeof *em->gamma);
        for (size_t b = 0; b < pairs_slices(p, dir); b++) {
            const size_t active = pairs_active(g->alpha + b * kp, kp, p->active);
            kernel_back(em->gamma + b * kp, em->sums[dir] + b * k * kp,
                        p->sides[dir].to + b * k * kp, ratio + b * kp, g->alpha + b * kp, p->active,
                        active, kp);
        }
    }
    for (size_t i = 0; i < n; i++)
        em->ratio[i] = em->gamma[i] > 0 ? em->gamma[i] / g->predicted[i] : 0;
}

static void back_block(struct em *em, size_t begin, size_t end)
{
    for (size_t t = end; t-- > begin;) {
        const size_t at = (t - begin) * em->p->grid;
        const struct grid g = {em->predicted + at, em->alpha + at};
        step_back(em, t, &g);
    }
}

/* The log-likelihood of all packets, and the sums. */
static double expect(struct em *em)
{
    struct pairs *const p = em->p;
    const size_t blocks = (p->n - 1) / em->block + 1;
    double sum = 0;

    for (uint8_t dir = 0; dir < 2; dir++)
        memset(em->sums[dir], 0, pairs_rows(p, dir) * sizeof(double));
    for (size_t b = 0; b < blocks; b++) {
        const size_t begin = b * em->block, end = b + 1 < blocks ? begin + em->block : p->n;
        sum += run_block(em, begin, end);
        memcpy(em->before + b * p->grid, em->alpha + (end - begin - 1) * p->grid,
               p->grid * sizeof(double));
    }
    for (size_t b = blocks; b-- > 0;) {
        const size_t begin = b * em->block, end = b + 1 < blocks ? begin + em->block : p->n;
        if (b + 1 < blocks)
            (void)run_block(em, begin, end);
        back_block(em, begin, end);
    }
    return sum;
}

/* The expected transitions of a row, in place of its sums; returns how many they are. */
static double count_row(double *sums, const double *to, size_t k)
{
    double all = 0;

    for (size_t j = 0; j < k; j++) {
        sums[j] *= to[j];
        all += sums[j];
    }
    return all;
}

static void maximise(struct em *em)
{
    for (uint8_t dir = 0; dir < 2; dir++) {
        const struct side *const side = &em->p->sides[dir];
        const size_t k = side->p->k, kp = side->p->kp;
        for (size_t row = 0; row < pairs_slices(em->p, dir) * k; row++) {
            double *const to = side->to + row * kp, *const sums = em->sums[dir] + row * kp;
            const double *const own = side->p->to + row % k * kp;
            const double all = count_row(sums, to, k);
            for (size_t j = 0; j < k; j++)
                to[j] = (sums[j] + em->weight * own[j]) / (all + em->weight);
        }
    }
}

/* The logarithm of the prior, but for what does not depend on the rows. */
static double log_prior(const struct em *em)
{
    double sum = 0;

    for (uint8_t dir = 0; dir < 2; dir++) {
        const struct side *const side = &em->p->sides[dir];
        const size_t k = side->p->k, kp = side->p->kp;
        for (size_t row = 0; row < pairs_slices(em->p, dir) * k; row++) {
            const double *const to = side->to + row * kp, *const own = side->p->to + row % k * kp;
            for (size_t j = 0; j < k; j++)
                if (own[j] > tiny)
                    sum += em->weight * own[j] * log(to[j] / own[j]);
        }
    }
    return sum;
}

static bool iterate(struct em *em, const struct couple_options *o, struct couple_result *r,
                    struct err *e)
{
    struct progress *const progress = progress_new(o->progress, "steps of coupling", 0);
    const double n = (double)em->p->n;
    double before = -HUGE_VAL;
    bool ok = true;

    *r = (struct couple_result){.exit = EM_MAX_ITERATIONS};
    for (;; r->iterations++) {
        r->log_likelihood = expect(em);
        if (r->iterations == 0)
            r->before = r->log_likelihood;
        const double posterior = r->log_likelihood + log_prior(em), gain = posterior - before;
        ok = isfinite(posterior) && gain >= -rounding * (fabs(before) + n);
        if (!ok)
            err_set(e, "coupling: the log-posterior went from %.17g to %.17g in step %llu", before,
                    posterior, (unsigned long long)r->iterations);
        if (ok && r->iterations > 0 && gain < o->fit.tolerance * n)
            r->exit = EM_CONVERGED;
        if (!ok || r->exit == EM_CONVERGED || r->iterations == o->fit.max_iterations)
            break;
        before = posterior;
        maximise(em);
        progress_at(progress, r->iterations + 1);
    }
    progress_end(progress);
    return ok;
}

static bool differs(const double *a, const double *b, size_t k)
{
    for (size_t j = 0; j < k; j++)
        if (fabs(a[j] - b[j]) > nothing)
            return true;
    return false;
}

/* Gives the chain the rows that are not its own. */
static void keep_rows(const struct em *em, uint8_t dir, struct hmm_chain *c)
{
    const struct side *const side = &em->p->sides[dir];
    const size_t k = side->p->k, kp = side->p->kp;
    size_t cap = 0, cap_to = 0;

    for (size_t state = 0; state < k; state++)
        for (size_t other = 0; other < pairs_slices(em->p, dir); other++) {
            const size_t row = (other * k + state) * kp;
            if (!differs(side->to + row, side->p->to + state * kp, k))
                continue;
            c->beside = mem_grow(c->beside, &cap, c->n_beside + 1, sizeof *c->beside);
            c->beside_to = mem_grow(c->beside_to, &cap_to, (c->n_beside + 1) * k, sizeof(double));
            c->beside[c->n_beside] = (struct hmm_beside){(uint16_t)state, (uint16_t)other};
            memcpy(c->beside_to + c->n_beside++ * k, side->to + row, k * sizeof(double));
        }
}

bool couple(struct hmm *m, const struct emission_kind *kind, const struct series *s,
            const struct couple_options *o, struct couple_result *result, struct err *e)
{
    struct pairs *const p = pairs_new(m, kind, s, o->exact, e);

    if (!p)
        return false;
    struct em *const em = em_new(p, o->weight);
    const bool ok = iterate(em, o, result, e);
    for (size_t i = 0; ok && i < m->n_chains; i++)
        keep_rows(em, (uint8_t)m->chains[i].dir, &m->chains[i]);
    em_free(em);
    pairs_free(p);
    return ok;
}
