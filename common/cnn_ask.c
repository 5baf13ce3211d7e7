#include "cnn_ask.h"

#include "mem.h"
#include "nn_loss.h"
#include "nn_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Samples that a network takes at a time: always as many, so that a flow gets the same answer alone
 * as among others. */
enum { EACH = 32 };

/* What a thread needs. */
struct asker_part {
    struct nn_net *net;
    double *scratch;
    float *probabilities;
    bool failed;
    struct err e;
};

struct cnn_asker {
    const struct cnn *m;
    struct pool *pool;
    struct asker_part *parts;
    size_t in, extra; /* numbers of a flow */

    const float *in_at, *extra_at; /* of the call at hand */
    size_t n;
    struct cnn_answer *answers;
    float *hidden;
};

/* W x, for the triangle W. */
static void whiten(const struct cnn_unknown *u, const float *x, double *to)
{
    const float *row = u->whiten;

    for (size_t i = 0; i < u->hidden; row += ++i) {
        double sum = 0;
        for (size_t k = 0; k <= i; k++)
            sum += (double)row[k] * (double)x[k];
        to[i] = sum;
    }
}

void cnn_distance_begin(const struct cnn *m, double *scratch)
{
    const struct cnn_unknown *const u = &m->unknown;

    for (size_t c = 0; c < m->n_classes; c++)
        whiten(u, u->means + c * u->hidden, scratch + (c + 1) * u->hidden);
}

double cnn_distance(const struct cnn *m, const float *point, double *scratch)
{
    const size_t n = m->unknown.hidden;
    double least = (double)INFINITY;

    whiten(&m->unknown, point, scratch);
    for (size_t c = 0; c < m->n_classes; c++) {
        const double *const mean = scratch + (c + 1) * n;
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += (scratch[i] - mean[i]) * (scratch[i] - mean[i]);
        least = sum < least ? sum : least;
    }
    return sqrt(least);
}

struct cnn_asker *cnn_asker_new(const struct cnn *m, struct pool *pool, struct err *e)
{
    struct cnn_asker *const a = mem_zero(1, sizeof *a);
    const struct nn_shape in = cnn_shape(m, &a->extra);

    a->m = m;
    a->pool = pool;
    a->in = in.steps * in.channels;
    a->parts = mem_zero(pool_threads(pool), sizeof *a->parts);
    for (unsigned i = 0; i < pool_threads(pool); i++) {
        struct asker_part *const p = &a->parts[i];
        p->net = nn_net_new(m->plan, EACH, m->params, false, e);
        if (!p->net) {
            cnn_asker_free(a);
            return NULL;
        }
        p->probabilities = mem_alloc(m->n_classes, sizeof *p->probabilities);
        p->scratch = mem_alloc((m->n_classes + 1) * m->unknown.hidden, sizeof *p->scratch);
        if (m->unknown.means)
            cnn_distance_begin(m, p->scratch);
    }
    return a;
}

void cnn_asker_free(struct cnn_asker *a)
{
    if (!a)
        return;
    for (unsigned i = 0; i < pool_threads(a->pool); i++) {
        nn_net_free(a->parts[i].net);
        free(a->parts[i].probabilities);
        free(a->parts[i].scratch);
    }
    free(a->parts);
    free(a);
}

static void answer(const struct cnn_asker *a, const struct asker_part *p, size_t place, size_t flow)
{
    const struct cnn *const m = a->m;
    const float *const output = nn_net_output(p->net) + place * m->n_classes,
                       *const hidden =
                           nn_net_after(p->net, m->plan->n_layers - 2) + place * m->unknown.hidden;
    struct cnn_answer *const to = &a->answers[flow];

    *to = (struct cnn_answer){0};
    nn_softmax(output, m->n_classes, p->probabilities);
    for (uint32_t c = 1; c < m->n_classes; c++)
        if (output[c] > output[to->class])
            to->class = c;
    to->confidence = p->probabilities[to->class];
    if (m->unknown.means)
        to->novelty = cnn_distance(m, hidden, p->scratch) / m->unknown.threshold;
    if (a->hidden)
        memcpy(a->hidden + flow * m->unknown.hidden, hidden, m->unknown.hidden * sizeof *hidden);
}

static void ask_part(void *asker, size_t at, unsigned thread)
{
    const struct cnn_asker *const a = asker;
    struct asker_part *const p = &a->parts[thread];
    const size_t first = at * EACH, n = a->n - first < EACH ? a->n - first : EACH;

    if (p->failed)
        return;
    memcpy(nn_net_input(p->net), a->in_at + first * a->in, n * a->in * sizeof(float));
    if (a->extra > 0)
        memcpy(nn_net_extra(p->net), a->extra_at + first * a->extra, n * a->extra * sizeof(float));
    p->failed = !nn_net_forward(p->net, NULL, &p->e);
    for (size_t i = 0; !p->failed && i < n; i++)
        answer(a, p, i, first + i);
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
