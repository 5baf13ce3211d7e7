#include "nn_train.h"

#include "mem.h"
#include "nn_adam.h"
#include "nn_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A network for each thread, or part of a batch, all of the same parameters. */
struct part {
    struct nn_net *net;
    uint32_t *right; /* batch x out.steps */
    double loss, weight;
    bool failed;
    struct err e;
};

struct parts {
    const struct nn_plan *plan;
    size_t n, each; /* parts, and samples of one */
    struct part *all;
};

static void free_parts(struct parts *p)
{
    for (size_t i = 0; i < p->n; i++) {
        nn_net_free(p->all[i].net);
        free(p->all[i].right);
    }
    free(p->all);
}

static bool new_parts(struct parts *p, const struct nn_plan *plan, const float *params, size_t n,
                      size_t each, bool learn, struct err *e)
{
    *p = (struct parts){plan, n, each, mem_zero(n, sizeof *p->all)};
    for (size_t i = 0; i < n; i++) {
        p->all[i].right = mem_alloc(each * plan->out.steps, sizeof *p->all[i].right);
        p->all[i].net = nn_net_new(plan, each, params, learn, e);
        if (!p->all[i].net) {
            free_parts(p);
            return false;
        }
    }
    return true;
}

static bool parts_ok(const struct parts *p, struct err *e)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->all[i].failed) {
            *e = p->all[i].e;
            return false;
        }
    return true;
}

/* Fills a part with the samples of the list, or those from `first` on where there is none; places
 * behind the last repeat it and have no class. */
static void fill(const struct parts *p, struct part *part, const struct nn_samples *s,
                 const uint32_t *list, size_t first, size_t n, struct rng *vary)
{
    const size_t in = p->plan->in.steps * p->plan->in.channels, rows = p->plan->out.steps;

    for (size_t i = 0; i < p->each; i++) {
        const size_t k = i < n ? i : 0;
        const size_t sample = n == 0 ? 0 : list ? list[first + k] : first + k;
        uint32_t *const right = part->right + i * rows;
        s->get(s->context, sample, vary, nn_net_input(part->net) + i * in,
               nn_net_extra(part->net) + i * p->plan->extra, right);
        for (size_t row = 0; i >= n && row < rows; row++)
            right[row] = NN_NO_CLASS;
    }
}

struct asking {
    struct parts parts;
    const struct nn_samples *samples;
    size_t layer, numbers; /* of its output */
    void (*take)(void *context, size_t sample, const float *output, const uint32_t *right);
    void *context;
};

static void ask_part(void *context, size_t at, unsigned thread)
{
    struct asking *const a = context;
    struct parts *const p = &a->parts;
    struct part *const part = &p->all[thread];
    const size_t first = at * p->each, left = a->samples->n - first,
                 n = left < p->each ? left : p->each;

    if (part->failed)
        return;
    fill(p, part, a->samples, NULL, first, n, NULL);
    if (!nn_net_forward(part->net, NULL, &part->e)) {
        part->failed = true;
        return;
    }
    const float *const out =
        a->layer == NN_LAST ? nn_net_output(part->net) : nn_net_after(part->net, a->layer);
    for (size_t i = 0; i < n; i++)
        a->take(a->context, first + i, out + i * a->numbers, part->right + i * p->plan->out.steps);
}

bool nn_ask(const struct nn_plan *p, const float *params, const struct nn_samples *s, size_t layer,
            struct pool *pool,
            void (*take)(void *context, size_t sample, const float *output, const uint32_t *right),
            void *context, struct err *e)
{
    enum { EACH = 64 };
    const struct nn_shape out = layer == NN_LAST ? p->out : p->layers[layer].out;
    struct asking a = {.samples = s,
                       .layer = layer,
                       .numbers = out.steps * out.channels,
                       .take = take,
                       .context = context};
    const size_t each = s->n < EACH ? s->n : EACH;

    if (s->n == 0)
        return true;
    if (!new_parts(&a.parts, p, params, pool_threads(pool), each, false, e))
        return false;
    pool_run(pool, (s->n + each - 1) / each, ask_part, &a);
    const bool ok = parts_ok(&a.parts, e);
    free_parts(&a.parts);
    return ok;
}

struct training {
    struct parts parts;
    const struct nn_samples *samples;
    const struct nn_train_options *o;
    uint32_t *order; /* of the samples in this epoch */
    size_t first, n; /* of the batch at hand */
    uint64_t batch;  /* its number, over all epochs */
    float *grads;    /* of all parts */
};

/* The samples of a part of the batch at hand. */
static size_t share_of(const struct training *t, size_t part)
{
    const size_t from = part * t->parts.each;

    return from >= t->n ? 0 : t->n - from < t->parts.each ? t->n - from : t->parts.each;
}

/* The sum of a part's losses, and its gradient. */
static void learn_part(void *context, size_t at, unsigned thread)
{
    struct training *const t = context;
    struct part *const part = &t->parts.all[at];
    const size_t rows = t->parts.each * t->parts.plan->out.steps;
    struct rng draws = rng_new(t->o->seed, (t->batch * t->parts.n + at) * 2 + 1);

    (void)thread;
    if (part->failed)
        return;
    fill(&t->parts, part, t->samples, t->order, t->first + at * t->parts.each, share_of(t, at),
         &draws);
    nn_net_refresh(part->net);
    part->weight = nn_loss_weight(&t->o->loss, part->right, rows);
    part->failed = !nn_net_forward(part->net, &draws, &part->e);
    if (part->failed)
        return;
    part->loss = nn_loss_of(&t->o->loss, nn_net_output(part->net), part->right, rows,
                            nn_net_output_grad(part->net));
    part->failed = !nn_net_backward(part->net, &part->e);
}

/* A step by the mean over the batch, whose parts are added in their order. */
static bool learn_batch(struct training *t, struct nn_adam *adam, float *params, struct pool *pool,
                        struct nn_epoch *epoch, double *weight, struct err *e)
{
    const size_t parts = (t->n + t->parts.each - 1) / t->parts.each, n = t->parts.plan->n_params;
    const double most = t->o->clip > 0 ? t->o->clip : (double)INFINITY;
    double all = 0;

    pool_run(pool, parts, learn_part, t);
    if (!parts_ok(&t->parts, e))
        return false;
    memset(t->grads, 0, n * sizeof *t->grads);
    for (size_t k = 0; k < parts; k++) {
        nn_add(t->grads, nn_net_grads(t->parts.all[k].net), n);
        all += t->parts.all[k].weight;
        epoch->loss += t->parts.all[k].loss;
    }
    *weight += all;
    epoch->norm += nn_clip(t->grads, n, all > 0 ? 1 / all : 0, most);
    nn_adam_step(adam, params, t->grads);
    t->batch++;
    return true;
}

static bool learn_epoch(struct training *t, struct nn_adam *adam, float *params, struct pool *pool,
                        struct nn_epoch *epoch, struct err *e)
{
    struct rng shuffle = rng_new(t->o->seed, (uint64_t)epoch->number * 2);
    double weight = 0;
    size_t batches = 0;

    rng_shuffle(&shuffle, t->order, t->samples->n);
    for (t->first = 0; t->first < t->samples->n; t->first += t->n, batches++) {
        const size_t left = t->samples->n - t->first;
        t->n = left < t->o->batch ? left : t->o->batch;
        if (!learn_batch(t, adam, params, pool, epoch, &weight, e))
            return false;
    }
    epoch->loss /= weight > 0 ? weight : 1;
    epoch->norm /= batches > 0 ? (double)batches : 1;
    return true;
}

struct judging {
    const struct nn_loss *loss;
    size_t rows;
    double *losses, *weights; /* of each sample */
    uint32_t *known;          /* rows of each whose right class has the greatest output */
    uint32_t *asked;
};

static uint32_t greatest(const float *x, size_t n)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < n; i++)
        if (x[i] > x[best])
            best = i;
    return best;
}

static void judge_sample(void *context, size_t sample, const float *output, const uint32_t *right)
{
    const struct judging *const j = context;
    const size_t classes = j->loss->classes;

    j->losses[sample] = nn_loss_of(j->loss, output, right, j->rows, NULL);
    j->weights[sample] = nn_loss_weight(j->loss, right, j->rows);
    for (size_t i = 0; i < j->rows; i++) {
        j->asked[sample] += right[i] != NN_NO_CLASS;
        j->known[sample] += right[i] == greatest(output + i * classes, classes);
    }
}

/* Over the samples in their order: the mean loss a row, and the share of rows that are right. */
static bool judge(const struct nn_plan *p, const float *params, const struct nn_samples *s,
                  const struct nn_loss *loss, struct pool *pool, struct nn_epoch *epoch,
                  struct err *e)
{
    struct judging j = {loss,
                        p->out.steps,
                        mem_alloc(s->n, sizeof *j.losses),
                        mem_alloc(s->n, sizeof *j.weights),
                        mem_zero(s->n, sizeof *j.known),
                        mem_zero(s->n, sizeof *j.asked)};
    double sum = 0, weight = 0, known = 0, asked = 0;
    const bool ok = nn_ask(p, params, s, NN_LAST, pool, judge_sample, &j, e);

    for (size_t i = 0; ok && i < s->n; i++) {
        sum += j.losses[i];
        weight += j.weights[i];
        known += j.known[i];
        asked += j.asked[i];
    }
    epoch->valid_loss = weight > 0 ? sum / weight : 0;
    epoch->valid_right = asked > 0 ? known / asked : 0;
    free(j.losses);
    free(j.weights);
    free(j.known);
    free(j.asked);
    return ok;
}

/* Epochs until the last, or until they get no better; best: memory for the parameters. */
static bool learn_epochs(struct training *t, struct nn_adam *adam, float *params, float *best,
                         const struct nn_samples *valid, struct pool *pool,
                         bool (*tell)(void *context, const struct nn_epoch *epoch), void *context,
                         struct err *e)
{
    const struct nn_train_options *const o = t->o;
    struct nn_plateau plateau = {
        .factor = o->fall, .patience = o->fall_patience, .best = (double)INFINITY};
    double least = (double)INFINITY;
    unsigned worse = 0;

    for (unsigned number = 1; number <= o->epochs; number++) {
        struct nn_epoch epoch = {.number = number, .rate = nn_adam_rate(adam)};
        if (!learn_epoch(t, adam, params, pool, &epoch, e) ||
            !judge(t->parts.plan, params, valid, &o->loss, pool, &epoch, e))
            return false;
        epoch.best = valid->n == 0 || o->keep_last || epoch.valid_loss < least;
        if (epoch.best) {
            least = epoch.valid_loss;
            memcpy(best, params, t->parts.plan->n_params * sizeof *best);
        }
        worse = epoch.best ? 0 : worse + 1;
        nn_adam_set_rate(
            adam, nn_plateau_rate(&plateau, epoch.rate, valid->n ? epoch.valid_loss : epoch.loss));
        if (!tell(context, &epoch) || (o->patience > 0 && worse >= o->patience))
            break;
    }
    memcpy(params, best, t->parts.plan->n_params * sizeof *best);
    return true;
}

bool nn_train(const struct nn_plan *p, float *params, const struct nn_samples *train,
              const struct nn_samples *valid, const struct nn_train_options *o, struct pool *pool,
              bool (*tell)(void *context, const struct nn_epoch *epoch), void *context,
              struct err *e)
{
    const size_t each = o->part < o->batch ? o->part : o->batch;
    struct training t = {.samples = train, .o = o};

    if (!new_parts(&t.parts, p, params, (o->batch + each - 1) / each, each, true, e))
        return false;
    t.order = mem_alloc(train->n, sizeof *t.order);
    t.grads = mem_alloc(p->n_params, sizeof *t.grads);
    for (size_t i = 0; i < train->n; i++)
        t.order[i] = (uint32_t)i;
    float *const best = mem_alloc(p->n_params, sizeof *best);
    memcpy(best, params, p->n_params * sizeof *best);
    struct nn_adam *const adam = nn_adam_new(p->n_params, o->rate, o->decay);
    const bool ok = learn_epochs(&t, adam, params, best, valid, pool, tell, context, e);
    nn_adam_free(adam);
    free(best);
    free(t.grads);
    free(t.order);
    free_parts(&t.parts);
    return ok;
}
