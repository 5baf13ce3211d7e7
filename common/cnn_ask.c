#include "cnn_ask.h"

#include "cnn_near.h"
#include "mem.h"
#include "nn_loss.h"
#include "nn_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Samples that a network takes at a time: always as many, so that a flow gets the same answer alone
 * as among others. */
enum { EACH = 32 };

/* As new as a flow can be. */
static const double MOST_NOVELTY = 1e9;

/* What a thread needs for a member. */
struct asker_member {
    struct nn_net *net;
    double *scratch; /* of cnn_near.h */
};

/* What a thread needs. */
struct asker_part {
    struct asker_member *members;
    float *probabilities, *sums; /* of a member; of all */
    bool failed;
    struct err e;
};

struct cnn_asker {
    const struct cnn *m;
    struct pool *pool;
    struct asker_part *parts;
    struct cnn_near **near; /* of each member */
    size_t in, extra;       /* numbers of a flow */

    const float *in_at, *extra_at; /* of the call at hand */
    size_t n;
    struct cnn_answer *answers;
    float *hidden;
};

static bool open_part(struct cnn_asker *a, struct asker_part *p, struct err *e)
{
    const struct cnn *const m = a->m;

    p->members = mem_zero(m->n_members, sizeof *p->members);
    p->probabilities = mem_alloc(m->n_classes, sizeof *p->probabilities);
    p->sums = mem_alloc(EACH * m->n_classes, sizeof *p->sums);
    for (size_t k = 0; k < m->n_members; k++) {
        struct asker_member *const member = &p->members[k];
        member->scratch = mem_alloc(cnn_near_scratch(a->near[k]), sizeof *member->scratch);
        member->net = nn_net_new(m->plan, EACH, m->members[k].params, false, e);
        if (!member->net)
            return false;
    }
    return true;
}

struct cnn_asker *cnn_asker_new(const struct cnn *m, struct pool *pool, struct err *e)
{
    struct cnn_asker *const a = mem_zero(1, sizeof *a);
    const struct nn_shape in = cnn_shape(m, &a->extra);

    a->m = m;
    a->pool = pool;
    a->in = in.steps * in.channels;
    a->near = mem_zero(m->n_members, sizeof *a->near);
    for (size_t k = 0; k < m->n_members; k++)
        a->near[k] = cnn_near_new(m, &m->members[k]);
    a->parts = mem_zero(pool_threads(pool), sizeof *a->parts);
    for (unsigned i = 0; i < pool_threads(pool); i++)
        if (!open_part(a, &a->parts[i], e)) {
            cnn_asker_free(a);
            return NULL;
        }
    return a;
}

static void close_part(const struct cnn_asker *a, struct asker_part *p)
{
    for (size_t k = 0; p->members && k < a->m->n_members; k++) {
        nn_net_free(p->members[k].net);
        free(p->members[k].scratch);
    }
    free(p->members);
    free(p->probabilities);
    free(p->sums);
}

void cnn_asker_free(struct cnn_asker *a)
{
    if (!a)
        return;
    for (unsigned i = 0; i < pool_threads(a->pool); i++)
        close_part(a, &a->parts[i]);
    for (size_t k = 0; k < a->m->n_members; k++)
        cnn_near_free(a->near[k]);
    free(a->near);
    free(a->parts);
    free(a);
}

/* Adds what a member says of n flows, the first of which is number `first`. */
static void add_member(const struct cnn_asker *a, struct asker_part *p, size_t k, size_t first,
                       size_t n)
{
    const struct cnn *const m = a->m;
    const size_t classes = m->n_classes, numbers = m->unknown.hidden;
    const struct asker_member *const member = &p->members[k];
    const float *const output = nn_net_output(member->net), *const hidden = nn_net_after(
                                                                member->net, m->plan->n_layers - 2);
    double newness[EACH];

    for (size_t i = 0; i < n; i++) {
        nn_softmax(output + i * classes, classes, p->probabilities);
        for (size_t c = 0; c < classes; c++)
            p->sums[i * classes + c] += p->probabilities[c];
    }
    cnn_near_ask(a->near[k], member->scratch, hidden, n, NULL, newness);
    for (size_t i = 0; i < n; i++)
        a->answers[first + i].novelty += newness[i];
    if (a->hidden && k == 0)
        memcpy(a->hidden + first * numbers, hidden, n * numbers * sizeof *hidden);
}

/* From the sums over the members to what they say together. A network that is driven out of bounds
 * says nothing of classes, and knows no such flow. */
static void settle(const struct cnn *m, const float *sums, struct cnn_answer *to)
{
    for (uint32_t c = 1; c < m->n_classes; c++)
        if (sums[c] > sums[to->class])
            to->class = c;
    const float confidence = sums[to->class] / (float)m->n_members;
    to->confidence = confidence >= 0 ? confidence : 0;
    to->novelty = fmin(to->novelty / ((double)m->n_members * m->unknown.threshold), MOST_NOVELTY);
}

static void ask_part(void *asker, size_t at, unsigned thread)
{
    const struct cnn_asker *const a = asker;
    struct asker_part *const p = &a->parts[thread];
    const size_t first = at * EACH, n = a->n - first < EACH ? a->n - first : EACH;

    if (p->failed)
        return;
    memset(p->sums, 0, n * a->m->n_classes * sizeof *p->sums);
    memset(a->answers + first, 0, n * sizeof *a->answers);
    for (size_t k = 0; k < a->m->n_members && !p->failed; k++) {
        struct nn_net *const net = p->members[k].net;
        memcpy(nn_net_input(net), a->in_at + first * a->in, n * a->in * sizeof(float));
        if (a->extra > 0)
            memcpy(nn_net_extra(net), a->extra_at + first * a->extra, n * a->extra * sizeof(float));
        p->failed = !nn_net_forward(net, NULL, &p->e);
        if (!p->failed)
            add_member(a, p, k, first, n);
    }
    for (size_t i = 0; !p->failed && i < n; i++)
        settle(a->m, p->sums + i * a->m->n_classes, &a->answers[first + i]);
}

bool cnn_ask(struct cnn_asker *a, const float *in, const float *extra, size_t n,
             struct cnn_answer *answers, float *hidden, struct err *e)
{
    a->in_at = in;
    a->extra_at = extra;
    a->n = n;
    a->answers = answers;
    a->hidden = hidden;
    if (n <= EACH)
        ask_part(a, 0, 0);
    else
        pool_run(a->pool, (n + EACH - 1) / EACH, ask_part, a);
    for (unsigned i = 0; i < pool_threads(a->pool); i++)
        if (a->parts[i].failed) {
            *e = a->parts[i].e;
            return false;
        }
    return true;
}
