/* With alpha[t] the probabilities of states after packet t and predicted[t] those before it,
 *
 *     gamma[t][i] = alpha[t][i] * sum over j of to[i][j] * ratio[t + 1][j]
 *     ratio[t][j] = gamma[t][j] / predicted[t][j]
 *
 * and the expected transitions from i to j are to[i][j] times the sum over t of
 * alpha[t][i] * ratio[t + 1][j]. Unlike beta, none of it needs densities again, and nothing grows
 * or shrinks with t: each gamma[t] sums to 1. */
#include "smooth.h"

#include "forward.h"
#include "kernels.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows of consecutive packets. */
struct rows {
    double *predicted, *alpha;
    uint16_t *active;
    size_t *n_active;
};

struct smooth {
    const struct observed *o;
    size_t k, kp, block;
    struct forward *forward;
    struct rows before; /* the last packet of each block but the last */
    struct rows in;     /* of the block at hand */
    double *gamma, *ratio;
    double *start_sum; /* kp */
    double *pairs;     /* k rows of kp: expected transitions over `to` */
    double *weights;   /* of each distinct packet, kp; NULL: they go to the emission at once */
};

static struct rows rows_new(size_t n, size_t kp)
{
    return (struct rows){mem_zero(n * kp, sizeof(double)), mem_zero(n * kp, sizeof(double)),
                         mem_zero(n * kp, sizeof(uint16_t)), mem_zero(n, sizeof(size_t))};
}

static void rows_free(struct rows *r)
{
    free(r->predicted);
    free(r->alpha);
    free(r->active);
    free(r->n_active);
}

static struct step rows_at(const struct rows *r, size_t i, size_t kp)
{
    return (struct step){r->predicted + i * kp, r->alpha + i * kp, r->active + i * kp,
                         r->n_active[i]};
}

static void rows_copy(struct rows *to, size_t i, const struct rows *from, size_t j, size_t kp)
{
    memcpy(to->alpha + i * kp, from->alpha + j * kp, kp * sizeof(double));
    memcpy(to->active + i * kp, from->active + j * kp, kp * sizeof(uint16_t));
    to->n_active[i] = from->n_active[j];
}

struct smooth *smooth_new(const struct observed *o, size_t k)
{
    struct smooth *const s = mem_zero(1, sizeof *s);

    s->o = o;
    s->k = k;
    s->kp = gauss2_stride(k);
    s->block = block_length(o->n, s->kp);
    s->forward = forward_new(o, s->kp);
    s->before = rows_new((o->n - 1) / s->block, s->kp);
    s->in = rows_new(s->block, s->kp);
    s->gamma = mem_zero(s->kp, sizeof *s->gamma);
    s->ratio = mem_zero(s->kp, sizeof *s->ratio);
    s->start_sum = mem_zero(s->kp, sizeof *s->start_sum);
    s->pairs = mem_zero(k * s->kp, sizeof *s->pairs);
    if (forward_has_table(s->forward))
        s->weights = mem_zero(o->n_distinct * s->kp, sizeof *s->weights);
    return s;
}

void smooth_free(struct smooth *s)
{
    if (!s)
        return;
    forward_free(s->forward);
    rows_free(&s->before);
    rows_free(&s->in);
    free(s->gamma);
    free(s->ratio);
    free(s->start_sum);
    free(s->pairs);
    free(s->weights);
    free(s);
}

/* A product of many factors in (0, 1] as a sum of logarithms, few of which are taken. */
struct log_product {
    double product, log;
};

static void multiply(struct log_product *l, struct density d)
{
    static const double small = 1e-150;

    l->product *= d.factor;
    l->log += d.log;
    if (l->product < small) {
        l->log += log(l->product);
        l->product = 1;
    }
}

/* Runs forward over the packets [begin, end) of a block into s->in. */
static void run_block(struct smooth *s, size_t begin, size_t end, struct log_product *l)
{
    for (size_t t = begin; t < end; t++) {
        const size_t at = t - begin;
        struct step to = rows_at(&s->in, at, s->kp), from;
        const bool starts = observed_starts(s->o, t);
        if (!starts)
            from = at > 0 ? rows_at(&s->in, at - 1, s->kp)
                          : rows_at(&s->before, begin / s->block - 1, s->kp);
        multiply(l, forward_step(s->forward, t, starts ? NULL : &from, &to));
        s->in.n_active[at] = to.n_active;
    }
}

/* gamma of packet t, whose step this is, from the ratio of the packet after it, and its own ratio
 * for the packet before it. */
static void step_back(struct smooth *s, const struct params *p, size_t t, const struct step *step)
{
    const size_t kp = s->kp;

    memset(s->gamma, 0, kp * sizeof *s->gamma);
    if (observed_ends(s->o, t))
        memcpy(s->gamma, step->alpha, kp * sizeof *s->gamma);
    else
        kernel_back(s->gamma, s->pairs, p->to, s->ratio, step->alpha, step->active, step->n_active,
                    kp);
    if (observed_starts(s->o, t)) {
        kernel_add(s->start_sum, s->gamma, kp);
        return;
    }
    memset(s->ratio, 0, kp * sizeof *s->ratio);
    for (size_t a = 0; a < step->n_active; a++) {
        const size_t i = step->active[a];
        s->ratio[i] = s->gamma[i] / step->predicted[i];
    }
}

static void back_block(struct smooth *s, struct params *p, size_t begin, size_t end)
{
    for (size_t t = end; t-- > begin;) {
        const struct step step = rows_at(&s->in, t - begin, s->kp);
        step_back(s, p, t, &step);
        if (s->weights) {
            kernel_add(s->weights + s->o->id[t] * s->kp, s->gamma, s->kp);
        } else {
            const struct packet packet = observed_at(s->o, t);
            emission_add(p->emission, &packet, s->gamma);
        }
    }
}

static void begin_sums(struct smooth *s, struct params *p)
{
    memset(s->start_sum, 0, s->kp * sizeof *s->start_sum);
    memset(s->pairs, 0, s->k * s->kp * sizeof *s->pairs);
    if (s->weights)
        memset(s->weights, 0, s->o->n_distinct * s->kp * sizeof *s->weights);
    emission_begin(p->emission);
}

double smooth_expect(struct smooth *s, struct params *p)
{
    const size_t n = s->o->n, blocks = (n - 1) / s->block + 1;
    struct log_product l = {1, 0}, again = {1, 0};

    forward_begin(s->forward, p);
    begin_sums(s, p);
    for (size_t b = 0; b < blocks; b++) {
        const size_t begin = b * s->block, end = b + 1 < blocks ? begin + s->block : n;
        run_block(s, begin, end, &l);
        if (b + 1 < blocks)
            rows_copy(&s->before, b, &s->in, s->block - 1, s->kp);
    }
    for (size_t b = blocks; b-- > 0;) {
        const size_t begin = b * s->block, end = b + 1 < blocks ? begin + s->block : n;
        if (b + 1 < blocks)
            run_block(s, begin, end, &again);
        back_block(s, p, begin, end);
    }
    for (size_t d = 0; s->weights && d < s->o->n_distinct; d++)
        emission_add(p->emission, &s->o->distinct[d], s->weights + d * s->kp);
    return l.log + log(l.product);
}

/* v over its sum, where there is any. */
static void normalise(double *to, const double *v, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += v[i];
    if (sum > EMISSION_NO_WEIGHT)
        for (size_t i = 0; i < n; i++)
            to[i] = v[i] / sum;
}

void smooth_maximise(const struct smooth *s, struct params *p)
{
    double *const row = s->gamma;

    normalise(p->start, s->start_sum, s->k);
    for (size_t i = 0; i < s->k; i++) {
        double *const to = p->to + i * s->kp;
        for (size_t j = 0; j < s->k; j++)
            row[j] = to[j] * s->pairs[i * s->kp + j];
        normalise(to, row, s->k);
    }
    emission_maximise(p->emission);
}
