#include "start.h"

#include "clusters.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>

enum {
    SAMPLE = 65536, /* packets */
    RUN = 64,       /* in runs of so many */
    REACH = 20,     /* packets to each side that a stretch has */
    MOST_OWN = 3,   /* coordinates of a packet */
};

/* How much the packets beside it count in where a packet stands, and the means around it. */
static const double context_weight = 0.7;
static const double stretch_weight = 0.5;

struct start {
    const struct emission_kind *kind;
    const struct observed *o;
    size_t n;          /* packets of the sample */
    struct packet *p;  /* they */
    uint32_t *cluster; /* of each */
    size_t k;
    struct hmm_chain *c; /* in the making */
};

/* The place in the series of packet i of the sample. */
static size_t place_of(const struct start *s, size_t i)
{
    const size_t last_run = SAMPLE / RUN - 1, run = i / RUN;

    if (s->n == s->o->n)
        return i;
    return (size_t)((double)run * (double)(s->o->n - RUN) / (double)last_run) + i % RUN;
}

/* Whether packet i + 1 of the sample comes right after packet i in its flow. */
static bool next_follows(const struct start *s, size_t i)
{
    if (i + 1 >= s->n)
        return false;
    const size_t t = place_of(s, i + 1);
    return t == place_of(s, i) + 1 && !observed_starts(s->o, t);
}

static void take_sample(struct start *s)
{
    s->n = s->o->n < SAMPLE ? s->o->n : SAMPLE;
    s->p = mem_alloc(s->n, sizeof *s->p);
    s->cluster = mem_zero(s->n, sizeof *s->cluster);
    for (size_t i = 0; i < s->n; i++)
        s->p[i] = observed_at(s->o, place_of(s, i));
}

/* The coordinates of a packet, of which there are two, or three in a joint chain. */
static void coordinates(const struct packet *p, double *x)
{
    x[0] = p->p.len;
    x[1] = p->p.iat;
    x[2] = p->forward ? 1 : -1;
}

/* Shifts and scales coordinates [from, to) to mean 0 and this standard deviation. */
static void whiten(double *rows, size_t n, size_t dims, size_t from, size_t to, double scale)
{
    for (size_t d = from; d < to; d++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++)
            sum += rows[i * dims + d];
        const double mean = sum / (double)n;
        for (size_t i = 0; i < n; i++)
            squares += (rows[i * dims + d] - mean) * (rows[i * dims + d] - mean);
        const double sd = sqrt(squares / (double)n);
        for (size_t i = 0; i < n; i++)
            rows[i * dims + d] = sd > 0 ? scale * (rows[i * dims + d] - mean) / sd : 0;
    }
}

/* The packets before and after each, as further coordinates. */
static void add_context(const struct start *s, double *rows, size_t dims, size_t own)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t d = 0; d < own; d++) {
            const bool before = i > 0 && next_follows(s, i - 1), after = next_follows(s, i);
            double *const x = rows + i * dims + d;
            x[own] = before ? context_weight * *(x - dims) : 0;
            x[2 * own] = after ? context_weight * *(x + dims) : 0;
        }
}

/* The mean length and time of the packets [begin, end), in a joint chain of each direction; 0, the
 * mean of all, where there are none. */
static void mean_of(const struct start *s, const double *rows, size_t dims, size_t begin,
                    size_t end, double *mean)
{
    for (size_t dir = 0; dir <= s->kind->joint; dir++, mean += 2) {
        double n = 0, len = 0, iat = 0;
        for (size_t i = begin; i < end; i++) {
            if (s->kind->joint && s->p[i].forward != (dir == SERIES_FORWARD))
                continue;
            len += rows[i * dims];
            iat += rows[i * dims + 1];
            n++;
        }
        mean[0] = n > 0 ? len / n : 0;
        mean[1] = n > 0 ? iat / n : 0;
    }
}

/* The means around each packet, as further coordinates. */
static void add_stretch(const struct start *s, double *rows, size_t dims, size_t own)
{
    for (size_t i = 0; i < s->n; i++) {
        size_t begin = i, end = i + 1;
        while (i - begin < REACH && begin > 0 && next_follows(s, begin - 1))
            begin--;
        while (end - i <= REACH && next_follows(s, end - 1))
            end++;
        mean_of(s, rows, dims, begin, end, rows + i * dims + own);
    }
    whiten(rows, s->n, dims, own, dims, stretch_weight);
}

static size_t dims_of(const struct start *s, size_t own, enum start_by by)
{
    switch (by) {
    case START_CONTEXT:
        return 3 * own;
    case START_STRETCH:
        return own + (s->kind->joint ? 4 : 2);
    default:
        return own;
    }
}

static void find_clusters(struct start *s, size_t k, enum start_by by, struct rng *r)
{
    const size_t own = s->kind->joint ? 3 : 2, dims = dims_of(s, own, by);
    double *const rows = mem_zero(s->n * dims, sizeof *rows);

    for (size_t i = 0; i < s->n; i++) {
        double x[MOST_OWN];
        coordinates(&s->p[i], x);
        for (size_t d = 0; d < own; d++)
            rows[i * dims + d] = x[d];
    }
    whiten(rows, s->n, dims, 0, own, 1);
    if (by == START_CONTEXT)
        add_context(s, rows, dims, own);
    else if (by == START_STRETCH)
        add_stretch(s, rows, dims, own);
    s->k = clusters_find(rows, s->n, dims, k, r, s->cluster);
    free(rows);
}

/* Gaussians of the clusters, in two passes so that nothing cancels. The blur of times is taken for
 * spread here: EM narrows what is too wide. */
static void set_gaussians(struct start *s)
{
    struct gauss2_sums *const sums = mem_zero(s->k, sizeof *sums);
    struct point *const origin = mem_zero(s->k, sizeof *origin);

    for (size_t i = 0; i < s->n; i++) {
        struct gauss2_sums *const c = &sums[s->cluster[i]];
        c->w++;
        c->len += s->p[i].p.len;
        c->iat += s->p[i].p.iat;
    }
    for (size_t c = 0; c < s->k; c++) {
        origin[c] = (struct point){sums[c].len / sums[c].w, sums[c].iat / sums[c].w};
        sums[c] = (struct gauss2_sums){.w = sums[c].w};
    }
    for (size_t i = 0; i < s->n; i++) {
        const size_t c = s->cluster[i];
        const double len = s->p[i].p.len - origin[c].len, iat = s->p[i].p.iat - origin[c].iat;
        sums[c].len += len;
        sums[c].iat += iat;
        sums[c].len_len += len * len + s->o->blurs.len;
        sums[c].len_iat += len * iat;
        sums[c].iat_iat += iat * iat + s->o->blurs.iat[s->p[i].blur];
    }
    for (size_t c = 0; c < s->k; c++)
        s->c->states[c].gauss = gauss2_fit(&sums[c], origin[c], s->kind->floor);
    free(sums);
    free(origin);
}

/* Every state begins with a little of every length that there is. */
static void set_lengths(struct start *s)
{
    static const double prior = 0.5;
    const size_t n = s->o->n_lengths;
    double *const count = mem_zero(s->k, sizeof *count);

    for (size_t c = 0; c < s->k; c++) {
        s->c->states[c].lengths = mem_zero(n, sizeof *s->c->states[c].lengths);
        s->c->states[c].n_lengths = n;
        for (size_t l = 0; l < n; l++)
            s->c->states[c].lengths[l] = (struct hmm_length){s->o->lengths[l], prior / (double)n};
    }
    for (size_t i = 0; i < s->n; i++) {
        s->c->states[s->cluster[i]].lengths[s->p[i].length].p++;
        count[s->cluster[i]]++;
    }
    for (size_t c = 0; c < s->k; c++)
        for (size_t l = 0; l < n; l++)
            s->c->states[c].lengths[l].p /= count[c] + prior;
    free(count);
}

struct time {
    double iat, blur;
};

static int compare(const void *a, const void *b)
{
    const double x = ((const struct time *)a)->iat, y = ((const struct time *)b)->iat;

    return (x > y) - (x < y);
}

static struct hmm_time normal_of(const struct time *x, size_t n)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i].iat;
    const double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (x[i].iat - mean) * (x[i].iat - mean) + x[i].blur;
    return (struct hmm_time){1, mean, squares / (double)n};
}

/* Cuts the ascending times of a cluster into parts of like size, a component for each. */
static void cut_times(struct hmm_state *state, const struct time *x, size_t n,
                      const struct emission_kind *kind)
{
    const double m = (double)kind->times;
    const double least = fmax(normal_of(x, n).var / (m * m), kind->floor);

    state->times = mem_zero(kind->times, sizeof *state->times);
    for (size_t i = 0; i < kind->times; i++) {
        const size_t begin = i * n / kind->times, end = (i + 1) * n / kind->times;
        if (begin == end)
            continue;
        struct hmm_time t = normal_of(x + begin, end - begin);
        t.weight = (double)(end - begin) / (double)n;
        t.var = fmax(t.var, least);
        state->times[state->n_times++] = t;
    }
}

static void set_times(struct start *s)
{
    struct time *const x = mem_alloc(s->n, sizeof *x);

    for (size_t c = 0; c < s->k; c++) {
        size_t n = 0;
        for (size_t i = 0; i < s->n; i++)
            if (s->cluster[i] == c)
                x[n++] = (struct time){s->p[i].p.iat, s->o->blurs.iat[s->p[i].blur]};
        qsort(x, n, sizeof *x, compare);
        cut_times(&s->c->states[c], x, n, s->kind);
    }
    free(x);
}

/* Start and transition probabilities and directions, from counts with a little for all that was not
 * seen. */
static void set_counts(struct start *s)
{
    struct hmm_state *const states = s->c->states;
    const double part = 1 / (double)s->k;
    double *const count = mem_zero(s->k, sizeof *count);
    double begins = 0;

    for (size_t i = 0; i < s->n; i++) {
        const size_t from = s->cluster[i];
        if (observed_starts(s->o, place_of(s, i))) {
            states[from].start++;
            begins++;
        }
        if (next_follows(s, i))
            s->c->to[from * s->k + s->cluster[i + 1]]++;
        states[from].forward += s->p[i].forward;
        count[from]++;
    }
    for (size_t c = 0; c < s->k; c++) {
        double *const row = s->c->to + c * s->k;
        double sum = 0;
        for (size_t j = 0; j < s->k; j++)
            sum += row[j];
        for (size_t j = 0; j < s->k; j++)
            row[j] = (row[j] + part) / (sum + 1);
        states[c].start = (states[c].start + part) / (begins + 1);
        states[c].forward = (states[c].forward + 0.5) / (count[c] + 1);
    }
    free(count);
}

struct hmm_chain start_chain(const struct emission_kind *kind, const struct observed *o, size_t k,
                             enum start_by by, struct rng *r)
{
    struct hmm_chain c = {0};
    struct start s = {.kind = kind, .o = o, .c = &c};

    take_sample(&s);
    find_clusters(&s, k, by, r);
    c.k = s.k;
    c.states = mem_zero(s.k, sizeof *c.states);
    c.to = mem_zero(s.k * s.k, sizeof *c.to);
    if (kind->emission == HMM_GAUSSIAN) {
        set_gaussians(&s);
    } else {
        set_lengths(&s);
        set_times(&s);
    }
    set_counts(&s);
    free(s.p);
    free(s.cluster);
    return c;
}
