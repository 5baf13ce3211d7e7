/* Reading an HMM: lines in the order in which hmm_write() has them. Nothing is allocated by a
 * number in the file before the lines that it counts have come. */
#include "file.h"
#include "fit_lines.h"
#include "hmm.h"
#include "lines.h"
#include "mem.h"
#include "series_head.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct lines l;
    struct hmm *m;
};

static bool read_probability(struct reader *r, const char *what, double *p)
{
    return lines_f64(&r->l, what, 0, 1, p);
}

/* A pair LEN:P. */
static bool read_length(struct reader *r, struct hmm_length *length)
{
    const struct span pair = lines_word(&r->l);
    const char *const colon = pair.n ? memchr(pair.p, ':', pair.n) : NULL;
    uint64_t len;

    if (!colon)
        return lines_fail(&r->l, "a length stands as LEN:P, not '%.*s'",
                          pair.n > 40 ? 40 : (int)pair.n, pair.p);
    const size_t n = (size_t)(colon - pair.p);
    const struct span first = {pair.p, n}, second = {colon + 1, pair.n - n - 1};
    if (!lines_u64_of(&r->l, first, "length", 0, SERIES_MAX_LEN, &len) ||
        !lines_f64_of(&r->l, second, "probability", 0, 1, &length->p))
        return false;
    length->len = (uint16_t)len;
    return true;
}

static bool read_lengths(struct reader *r, struct hmm_state *s)
{
    size_t cap = 0;
    uint64_t n;

    if (!lines_expect(&r->l, "lengths") ||
        !lines_u64(&r->l, "number of lengths", 1, SERIES_MAX_LEN + 1, &n))
        return false;
    for (uint64_t i = 0; i < n; i++) {
        s->lengths = mem_grow(s->lengths, &cap, s->n_lengths + 1, sizeof *s->lengths);
        struct hmm_length *const length = &s->lengths[s->n_lengths];
        if (!read_length(r, length))
            return false;
        if (i > 0 && length[-1].len >= length->len)
            return lines_fail(&r->l, "the lengths of a state stand in order, each once");
        s->n_lengths++;
    }
    _Static_assert(sizeof *s->lengths % sizeof(double) == 0, "steps of doubles");
    return lines_done(&r->l) && lines_sum_to_1(&r->l, "probabilities", &s->lengths->p, s->n_lengths,
                                               sizeof *s->lengths / sizeof(double));
}

static bool read_times(struct reader *r, struct hmm_state *s)
{
    static const double most = 1e12;
    size_t cap = 0;
    uint64_t n;

    if (!lines_expect(&r->l, "times") ||
        !lines_u64(&r->l, "number of components", 1, HMM_MAX_TIMES, &n))
        return false;
    for (uint64_t i = 0; i < n; i++) {
        s->times = mem_grow(s->times, &cap, s->n_times + 1, sizeof *s->times);
        struct hmm_time *const t = &s->times[s->n_times];
        if (!read_probability(r, "weight", &t->weight) ||
            !lines_f64(&r->l, "mean", -most, most, &t->mean) ||
            !lines_f64(&r->l, "variance", FIT_LEAST_VARIANCE, most, &t->var))
            return false;
        s->n_times++;
    }
    return lines_done(&r->l) && lines_sum_to_1(&r->l, "weights", &s->times->weight, s->n_times,
                                               sizeof *s->times / sizeof(double));
}

static bool read_state(struct reader *r, const struct hmm_chain *c, struct hmm_state *s)
{
    if (!lines_expect(&r->l, "state") || !read_probability(r, "probability", &s->start))
        return false;
    if (c->dir == SERIES_BOTH && !read_probability(r, "probability", &s->forward))
        return false;
    if (r->m->emission == HMM_GAUSSIAN)
        return fit_gauss2_read(&r->l, &s->gauss);
    return lines_done(&r->l) && read_lengths(r, s) && read_times(r, s);
}

static bool read_row(struct reader *r, struct hmm_chain *c, size_t k, size_t *cap)
{
    const size_t first = (c->k - 1) * k;

    if (!lines_expect(&r->l, "to"))
        return false;
    for (size_t i = 0; i < k; i++) {
        c->to = mem_grow(c->to, cap, first + i + 1, sizeof *c->to);
        if (!read_probability(r, "probability", &c->to[first + i]))
            return false;
    }
    return lines_done(&r->l) && lines_sum_to_1(&r->l, "probabilities", c->to + first, k, 1);
}

/* The chain's line; chains before it are those of other directions. */
static bool read_chain_head(struct reader *r, struct hmm_chain *c, uint64_t *k)
{
    struct fit_line line;

    if (!fit_line_read(&r->l, "chain", "number of states", HMM_MAX_STATES, &line))
        return false;
    *k = line.parts;
    c->dir = line.dir;
    c->packets = line.packets;
    c->exit = line.exit;
    c->iterations = line.iterations;
    c->log_likelihood = line.log_likelihood;
    const struct hmm_chain *const other = hmm_of(r->m, c->dir);
    if (other && other != c)
        return lines_fail(&r->l, "a second chain '%s'", series_dir_name(c->dir));
    if (hmm_of(r->m, SERIES_BOTH) && r->m->n_chains > 1)
        return lines_fail(&r->l, "a chain 'both' beside another");
    return true;
}

static bool read_chain(struct reader *r, struct hmm_chain *c)
{
    size_t cap_states = 0, cap_to = 0;
    uint64_t k;

    if (!read_chain_head(r, c, &k))
        return false;
    while (c->k < k) {
        c->states = mem_grow(c->states, &cap_states, c->k + 1, sizeof *c->states);
        struct hmm_state *const s = &c->states[c->k++];
        *s = (struct hmm_state){0};
        if (!read_state(r, c, s) || !read_row(r, c, (size_t)k, &cap_to))
            return false;
    }
    return lines_sum_to_1(&r->l, "start probabilities", &c->states->start, c->k,
                          sizeof *c->states / sizeof(double));
}

static bool read_beside(struct reader *r, struct hmm_chain *c, const struct hmm_chain *other,
                        size_t cap[2])
{
    uint64_t state, beside;

    if (!lines_expect(&r->l, "beside") || !lines_u64(&r->l, "state", 1, c->k, &state) ||
        !lines_u64(&r->l, "state of the other chain", 1, other->k, &beside))
        return false;
    const struct hmm_beside now = {(uint16_t)(state - 1), (uint16_t)(beside - 1)};
    const struct hmm_beside *const last = c->n_beside > 0 ? &c->beside[c->n_beside - 1] : NULL;
    if (last && (last->state > now.state || (last->state == now.state && last->other >= now.other)))
        return lines_fail(&r->l, "rows of a coupling stand by state, then by that of the other "
                                 "chain, each once");
    c->beside = mem_grow(c->beside, &cap[0], c->n_beside + 1, sizeof *c->beside);
    c->beside[c->n_beside] = now;
    const size_t first = c->n_beside++ * c->k;
    for (size_t i = 0; i < c->k; i++) {
        c->beside_to = mem_grow(c->beside_to, &cap[1], first + i + 1, sizeof *c->beside_to);
        if (!read_probability(r, "probability", &c->beside_to[first + i]))
            return false;
    }
    return lines_done(&r->l) &&
           lines_sum_to_1(&r->l, "probabilities", c->beside_to + first, c->k, 1);
}

/* The line `coupling` of a chain, whose word is read, and its rows. */
static bool read_coupling(struct reader *r, struct hmm_chain *c, const struct hmm_chain *other)
{
    size_t cap[2] = {0, 0};
    uint64_t n;

    if (!span_is(lines_word(&r->l), series_dir_name(c->dir)))
        return lines_fail(&r->l, "here comes the coupling of the chain '%s'",
                          series_dir_name(c->dir));
    if (!lines_u64(&r->l, "number of rows", 0, (uint64_t)c->k * other->k, &n) || !lines_done(&r->l))
        return false;
    while (c->n_beside < n)
        if (!read_beside(r, c, other, cap))
            return false;
    return true;
}

/* What may follow the chains: nothing, or the coupling of both. */
static bool read_end(struct reader *r)
{
    struct hmm *const m = r->m;
    bool cut;

    if (!lines_next(&r->l, &cut))
        return true;
    if (cut)
        return lines_fail(&r->l, "the file ends in the middle of this line");
    if (m->n_chains < 2 || !span_is(lines_word(&r->l), "coupling"))
        return lines_fail(&r->l, "the model is complete, and here is one more line");
    if (strcmp(m->iat_column, "iat") == 0)
        return lines_fail(&r->l,
                          "chains are coupled whose times are those of directions, not of 'iat'");
    return read_coupling(r, &m->chains[0], &m->chains[1]) && lines_expect(&r->l, "coupling") &&
           read_coupling(r, &m->chains[1], &m->chains[0]) &&
           (!lines_next(&r->l, &cut) ||
            lines_fail(&r->l, "the model is complete, and here is one more line"));
}

static bool read_emission(struct reader *r)
{
    if (!lines_expect(&r->l, "emission"))
        return false;
    if (span_is(r->l.text, hmm_emission_name(HMM_GAUSSIAN)))
        r->m->emission = HMM_GAUSSIAN;
    else if (span_is(r->l.text, hmm_emission_name(HMM_DISCRETE_LEN)))
        r->m->emission = HMM_DISCRETE_LEN;
    else
        return lines_fail(&r->l, "emission is gaussian or discrete-len");
    return true;
}

static bool read_model(struct reader *r)
{
    struct hmm *const m = r->m;
    const struct series_head head = {&m->made, &m->seed, &m->iat_column, &m->resolution};
    uint64_t n;

    if (!series_head_read(&r->l, &head) || !read_emission(r) || !lines_expect(&r->l, "chains") ||
        !lines_u64(&r->l, "number of chains", 1, 2, &n) || !lines_done(&r->l))
        return false;
    while (m->n_chains < n)
        if (!read_chain(r, &m->chains[m->n_chains++]))
            return false;
    return read_end(r);
}

struct hmm *hmm_read_memory(const void *p, size_t n, const char *name, struct err *e)
{
    struct reader r = {.l = lines_new(p, n, name, e)};

    r.m = mem_zero(1, sizeof *r.m);
    if (lines_begin(&r.l, "weir-hmm 1", "an HMM") && read_model(&r))
        return r.m;
    hmm_free(r.m);
    return NULL;
}

struct hmm *hmm_read(const char *path, struct err *e)
{
    size_t n;
    char *const text = file_read(path, &n, e);
    struct hmm *const m = text ? hmm_read_memory(text, n, file_name(path), e) : NULL;

    free(text);
    return m;
}
